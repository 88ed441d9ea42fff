/** Jest's TypeScript: Node's own type stripping. `sourceUrl` stays out of it, or coverage reads 0 %. */
import { stripTypeScriptTypes } from "node:module";

export default { process: (source) => ({ code: stripTypeScriptTypes(source) }), canInstrument: false };
