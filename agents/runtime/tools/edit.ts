import { isUtf8 } from "node:buffer";
import { z } from "zod";
import { openInside } from "./inside.ts";
import { tool } from "./tool.ts";

const MOST = 1024 * 1024;

export const edit = tool(
  "Replaces one exact piece of text in a file of the workspace. An empty `old` makes a new file instead.",
  z.strictObject({
    path: z.string().min(1).describe("Relative to the root of the workspace."),
    old: z.string().describe("Occurs exactly once in the file, whitespace included."),
    new: z.string().max(MOST),
  }),
  async ({ path, old, new: replacement }, { workspace }) => {
    if (old === "") {
      const file = await openInside(workspace, path, "create");
      await file.writeFile(replacement).finally(() => file.close());
      return { text: `Made ${path}.` };
    }
    const file = await openInside(workspace, path, "write");
    try {
      const { size } = await file.stat();
      if (size > MOST) throw new Error(`${path} has ${size} bytes; edit changes files up to ${MOST}.`);
      const bytes = await file.readFile();
      if (!isUtf8(bytes)) throw new Error(`${path} is not UTF-8 text; change it with a program instead.`);
      const text = bytes.toString("utf8");
      const found = text.split(old).length - 1;
      if (found !== 1) throw new Error(`The old text occurs ${found} times in ${path}; it must occur exactly once.`);
      await file.truncate(0);
      await file.write(
        text.replace(old, () => replacement),
        0,
      );
      return { text: `Changed ${path}.` };
    } finally {
      await file.close();
    }
  },
);
