/** What counts as text, and what as an image that nobody has to look at. */
import { expect, test } from "@jest/globals";
import { contentOf, linesOf, readable } from "../../app/observe/blob-content.ts";

const FILE = "100644";
const bytes = (start: readonly number[] | string) => Buffer.concat([Buffer.from(start as string), Buffer.alloc(64)]);

test.each([
  ["a.png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["a.JPG", [0xff, 0xd8, 0xff, 0xe0]],
  ["dir.d/a.jpeg", [0xff, 0xd8, 0xff, 0xdb]],
  ["a.gif", "GIF89a"],
  ["a.webp", "RIFF\0\0\0\0WEBPVP8 "],
  ["a.avif", "\0\0\0\x20ftypavif"],
  ["favicon.ico", [0, 0, 1, 0, 1, 0]],
  ["a.woff", "wOFF\0\x01"],
  ["a.woff2", "wOF2\0\x01"],
  ["a.ttf", [0, 1, 0, 0, 0]],
  ["a.otf", "OTTO\0"],
  ["a.mp3", "ID3\x03\0"],
  ["a.mp4", "\0\0\0\x18ftypmp42"],
  ["a.pdf", "%PDF-1.7\n"],
])("%s by its first bytes and its name is media", (path, start) => {
  expect(contentOf(path, FILE, bytes(start))).toEqual({ unreadable: "binary", media: expect.any(String) });
  expect(contentOf("a.bin", FILE, bytes(start))).toEqual({ unreadable: "binary" });
  expect(contentOf(path, FILE, bytes("MZ"))).toEqual({ unreadable: "binary" });
  expect(contentOf(path, "100755", bytes(start))).toEqual({ unreadable: "binary" });
});

test("a text that begins like an image is read as the text it is", () => {
  expect(contentOf("a.gif", FILE, Buffer.from("GIF89a=1;\nDROP TABLE users;\n"))).toEqual({ text: "GIF89a=1;\nDROP TABLE users;\n" });
});

test.each([
  ["a submodule", "160000", undefined, "a submodule"],
  ["a NUL anywhere", FILE, Buffer.from(`${"x".repeat(100_000)}\0`), "binary"],
  ["UTF-16", FILE, Buffer.from("DROP TABLE users;", "utf16le"), "binary"],
  ["one byte too many", FILE, Buffer.from("x".repeat(500_001)), "larger than 500 KB"],
  ["what was not worth reading", FILE, undefined, "larger than 500 KB"],
  ["one line too many", FILE, Buffer.from("\n".repeat(20_001)), "more than 20,000 lines"],
  ["a pointer to Git LFS", FILE, Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n"), "a pointer to Git LFS"],
])("%s is not read", (_, mode, content, unreadable) => {
  expect(contentOf("a.txt", mode, content)).toEqual({ unreadable });
});

test.each([
  ["as many bytes as are read", "x".repeat(500_000)],
  ["as many lines as are read", "\n".repeat(20_000)],
  ["nothing", ""],
  ["text about Git LFS", "See version https://git-lfs.github.com/spec/v1\n"],
])("%s is text", (_, text) => {
  expect(contentOf("a.txt", FILE, Buffer.from(text))).toEqual({ text });
});

test("two files that differ never read the same, whatever their encoding", () => {
  const texts = [0xe8, 0xe9, 0xff].map((byte) => contentOf("a.txt", FILE, Buffer.from([0x61, byte])).text);
  expect(new Set(texts).size).toBe(3);
});

test("a large file is fetched only where it may be an image", () => {
  const sides = [500_000, 500_001, 5_000_000, 5_000_001].map((size) => ({ mode: FILE, id: "", size }));
  expect(sides.map((side) => readable("a.json", side))).toEqual([true, false, false, false]);
  expect(sides.map((side) => readable("a.png", side))).toEqual([true, true, true, false]);
  expect(readable("a.png", { mode: "160000", id: "", size: 0 })).toBe(false);
});

test("what follows the last line break is a line only where there is something", () => {
  expect(["", "\n", "a", "a\n", "a\n\n", "a\r\nb"].map(linesOf)).toEqual([[], [""], ["a"], ["a"], ["a", ""], ["a\r", "b"]]);
});
