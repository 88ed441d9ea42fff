/** Every property draws the same examples at each run, so that a change is judged and not chance. `FC_SEED=random` draws others and prints which. */
import fc from "fast-check";

const { FC_SEED } = process.env;
const seed = FC_SEED === "random" ? Math.trunc(Math.random() * 2 ** 31) : Number(FC_SEED ?? 20_261_122);
if (FC_SEED === "random") process.stdout.write(`FC_SEED=${seed}\n`);
fc.configureGlobal({ seed });
