const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|(.))/gy;

/** The numbers and signs of an expression, in order. */
export function tokens(text) {
  const found = [];
  for (const [, number, sign] of text.trimEnd().matchAll(TOKEN)) {
    found.push(number === undefined ? sign : Number(number));
  }
  return found;
}
