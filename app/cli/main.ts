#!/usr/bin/env node
import { run } from "./program.ts";

const line = (stream: NodeJS.WriteStream) => (text: string) => void stream.write(`${text}\n`);

// Whoever reads only the first lines, as `head` does, is done: that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

process.exitCode = await run(process.argv.slice(2), { out: line(process.stdout), err: line(process.stderr) });
