import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** Waits for a file that something running is to make; ends too when that ended without it. */
export async function appears(file: string, running: Promise<unknown>): Promise<void> {
  let ended = false;
  const over = () => {
    ended = true;
  };
  running.then(over, over);
  while (!ended && !existsSync(file)) await pause(20);
}
