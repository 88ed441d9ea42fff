export const products = [
  { id: "sencha", name: "Sencha, 100 g", price: 1250 },
  { id: "assam", name: "Assam, 100 g", price: 980 },
  { id: "rooibos", name: "Rooibos, 100 g", price: 705 },
];
