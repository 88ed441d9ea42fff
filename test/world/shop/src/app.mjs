import { createServer } from "node:http";
import { total } from "./cart.mjs";
import { format } from "./price.mjs";
import { products } from "./products.mjs";
import { shipping } from "./shipping.mjs";

/** The shop as an HTTP server; `sha` is the release it says it is. */
export function createShop(sha) {
  return createServer(async (request, response) => {
    const answer = (status, body) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    const route = `${request.method} ${request.url}`;
    if (route === "GET /health") return answer(200, { status: "ok" });
    if (route === "GET /version") return answer(200, { sha });
    if (route === "GET /products") return answer(200, products);
    if (route === "POST /quote") return answer(200, quote(JSON.parse(await textOf(request))));
    return answer(404, { message: `There is nothing at ${route}.` });
  });
}

/** What a cart costs, sent home. */
export function quote({ lines }) {
  const priced = lines.map(({ id, quantity }) => ({ price: products.find((product) => product.id === id).price, quantity }));
  const goods = total(priced);
  const sending = shipping(goods);
  return { goods: format(goods), shipping: format(sending), total: format(goods + sending) };
}

async function textOf(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}
