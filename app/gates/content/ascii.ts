/** In UTF-8 only characters of ASCII take one byte: this is the quickest way to ask. */
export const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;
