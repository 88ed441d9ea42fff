import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { setCookie } from "hono/cookie";
import { html } from "hono/html";
import type { ApiToken } from "../config.ts";
import { nameOf } from "../door/bearer.ts";
import { SESSION, type WebBindings } from "./auth.ts";
import { type Html, layout } from "./layout.ts";

const A_WEEK = 7 * 24 * 60 * 60;

/** Sign-in with a token of `RIG_API_TOKENS`; the browser keeps it where no script sees it. */
export const loginRoutes = (tokens: readonly ApiToken[]): Hono<WebBindings> =>
  new Hono<WebBindings>()
    .get("/login", (context) => context.html(loginPage("")))
    .post("/login", bodyLimit({ maxSize: 4096 }), async (context) => {
      const { token } = await context.req.parseBody();
      if (typeof token !== "string" || !nameOf(token, tokens)) return context.html(loginPage("That token is not in RIG_API_TOKENS."), 401);
      const secure = new URL(context.req.url).protocol === "https:" || context.req.header("x-forwarded-proto") === "https";
      setCookie(context, SESSION, token, { httpOnly: true, sameSite: "Strict", secure, path: "/", maxAge: A_WEEK });
      return context.redirect("/", 303);
    });

const loginPage = (refusal: string): Html =>
  layout(
    "Sign in · Engineering Rig",
    html`<form method="post" action="/login" class="login">
      <h1>Sign in</h1>
      ${refusal ? html`<p role="alert">${refusal}</p>` : ""}
      <label>Token <input type="password" name="token" required autofocus autocomplete="current-password"></label>
      <button>Sign in</button>
      <p>Tokens are set in <code>RIG_API_TOKENS</code> of the app. On the machine it runs on, none is needed.</p>
    </form>`,
  );
