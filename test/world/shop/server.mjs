import { createShop } from "./src/app.mjs";

const { PORT = "8080", RELEASE_SHA = "unknown" } = process.env;
createShop(RELEASE_SHA).listen(Number(PORT), "127.0.0.1");
