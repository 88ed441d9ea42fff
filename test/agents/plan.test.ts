import { expect, test } from "@jest/globals";
import { openNotebook } from "../../agents/runtime/notebook.ts";
import { plan } from "../../agents/runtime/tools/plan.ts";
import { sandboxOf } from "./support/sandbox.ts";
import { toolboxOf } from "./support/toolbox.ts";

const noting = (notebook = openNotebook()) => {
  const toolbox = toolboxOf({ workspace: "/nowhere", sandbox: sandboxOf(), notebook });
  return { notebook, note: (text: string) => plan.run({ plan: text }, toolbox) };
};

test("a plan takes the place of the one before, and is not said back", async () => {
  const { notebook, note } = noting();
  await note("1. Look.");
  expect(await note("2. Change.")).toEqual({ text: "Noted." });
  expect(notebook.plan()).toBe("2. Change.");
});

test("a plan has at most four kibibytes, as bytes", async () => {
  const { notebook, note } = noting();
  await note("é".repeat(2_048));
  await expect(note("é".repeat(2_049))).rejects.toThrow("at most 4096 bytes");
  expect(notebook.plan()).toBe("é".repeat(2_048));
});
