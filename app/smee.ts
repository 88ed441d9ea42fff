/** Development only: passes the webhooks of a smee.io channel on to the app on this machine. `npm run smee -- https://smee.io/…` */
import { SmeeClient } from "smee-client";

const [source, target = "http://127.0.0.1:3000/api/github/webhooks"] = process.argv.slice(2);

if (!source?.startsWith("https://")) {
  process.stderr.write("Name the channel: npm run smee -- https://smee.io/<channel> [target]. Make one at https://smee.io/new.\n");
  process.exit(2);
}
const events = await new SmeeClient({ source, target }).start();
process.on("SIGINT", () => events.close());
