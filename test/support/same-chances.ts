/** Every property draws the same examples at each run, so that a change is judged and not chance. `SEED=random` draws others and prints which. */
import fc from "fast-check";

const { SEED } = process.env;
const seed = SEED === "random" ? Math.trunc(Math.random() * 2 ** 31) : Number(SEED ?? 20_261_122);
if (SEED === "random") process.stdout.write(`SEED=${seed}\n`);
fc.configureGlobal({ seed });
