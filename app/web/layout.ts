import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Nothing but our own style sheet and our own few lines of script ever runs on these pages. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** The frame of every page. `html` escapes whatever is put into it. */
export const layout = (title: string, body: Html): Html => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="stylesheet" href="/assets/style.css">
    <link rel="icon" href="data:,">
    <script src="/assets/live.js" defer></script>
  </head>
  <body>
    <header><a href="/">Engineering Rig</a> <a href="/measures">Measures</a></header>
    <main id="live">${body}</main>
  </body>
</html>`;

/** A moment as people read it, with the exact time for machines and on hover. */
export const moment = (at: Date): Html =>
  html`<time datetime="${at.toISOString()}" title="${at.toISOString()}">${at.toISOString().slice(0, 16).replace("T", " ")}</time>`;
