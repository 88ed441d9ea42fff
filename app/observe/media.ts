const ascii = (bytes: Buffer, from: number, text: string): boolean => bytes.toString("latin1", from, from + text.length) === text;

const starts =
  (...first: readonly (string | readonly number[])[]) =>
  (bytes: Buffer): boolean =>
    first.some((start) => (typeof start === "string" ? ascii(bytes, 0, start) : start.every((byte, index) => bytes[index] === byte)));

interface Kind {
  readonly name: string;
  readonly extensions: readonly string[];
  readonly is: (bytes: Buffer) => boolean;
}

const kinds: readonly Kind[] = [
  { name: "a PNG image", extensions: ["png"], is: starts([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) },
  { name: "a JPEG image", extensions: ["jpg", "jpeg"], is: starts([0xff, 0xd8, 0xff]) },
  { name: "a GIF image", extensions: ["gif"], is: starts("GIF87a", "GIF89a") },
  { name: "a WebP image", extensions: ["webp"], is: (bytes) => ascii(bytes, 0, "RIFF") && ascii(bytes, 8, "WEBP") },
  { name: "an AVIF image", extensions: ["avif"], is: (bytes) => ascii(bytes, 4, "ftypavif") || ascii(bytes, 4, "ftypavis") },
  { name: "an icon", extensions: ["ico"], is: starts([0, 0, 1, 0]) },
  { name: "a WOFF font", extensions: ["woff"], is: starts("wOFF") },
  { name: "a WOFF2 font", extensions: ["woff2"], is: starts("wOF2") },
  { name: "a TrueType font", extensions: ["ttf"], is: starts([0, 1, 0, 0], "true") },
  { name: "an OpenType font", extensions: ["otf"], is: starts("OTTO") },
  { name: "an MP3 sound", extensions: ["mp3"], is: starts("ID3", [0xff, 0xfb], [0xff, 0xf3], [0xff, 0xf2]) },
  { name: "an MP4 video", extensions: ["mp4"], is: (bytes) => ascii(bytes, 4, "ftyp") },
  { name: "a PDF document", extensions: ["pdf"], is: starts("%PDF-") },
];

const named = (path: string): Kind | undefined => {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return kinds.find(({ extensions }) => extensions.includes(extension));
};

/** Whether its name says that it is an image, a font, a sound or the like. */
export const hasMediaName = (path: string): boolean => named(path) !== undefined;

/** What it is, when its first bytes say the same as its name. */
export function mediaOf(path: string, bytes: Buffer): string | undefined {
  const kind = named(path);
  return kind?.is(bytes) ? kind.name : undefined;
}
