import { expect, test } from "@jest/globals";
import { kindOf } from "../../app/gates/paths/kinds.ts";
import { folded, seen, termIn, word, words } from "../../app/gates/paths.ts";

test.each([
  ["src/HTTPServer_v2.ts", "src/http-server-v2.ts"],
  ["OAuthClient.java", "o-auth-client.java"],
  ["app/sessions_controller.rb", "app/sessions-controller.rb"],
  ["SignInForm.tsx", "sign-in-form.tsx"],
  ["pages/api/auth/[...nextauth].ts", "pages/api/auth/-...nextauth-.ts"],
  ["a/useSSOLogin.ts", "a/use-sso-login.ts"],
  ["a/OAuth2Client.ts", "a/o-auth2-client.ts"],
  ["a/2FASetup.ts", "a/2fa-setup.ts"],
  ["AUTHORS", "authors"],
])("%s is read as %s", (path, read) => {
  expect(words(path)).toBe(read);
});

test.each([
  ["full-width letters", "\uff41\uff55\uff54\uff48"],
  ["a zero-width space", "au\u200bth"],
  ["a soft hyphen", "au\u00adth"],
  ["a Cyrillic letter", "\u0430uth"],
  ["a Greek letter", "\u03b1uth"],
  ["a mark of its own", "a\u0308uth"],
  ["a letter with a mark", "\u00e4uth"],
  ["a mathematical letter", "\u{1d41a}uth"],
])("%s does not hide a word", (_, path) => {
  expect(seen(path)).toBe("auth");
});

test("names of two Unicode forms and cases are one name", () => {
  expect(folded("Caf\u00e9/X")).toBe(folded("cafe\u0301/x"));
});

test("a word counts alone, with a number and beside others, and not inside a longer one", () => {
  const terms = [{ says: "sign-in", is: word("auth"), unless: /demo/ }];
  const found = (path: string) => termIn(path, terms)?.says;
  expect(["auth", "src/auth2/x.ts", "myAuth.ts", "x_auth_y.py"].map(found)).toEqual(["sign-in", "sign-in", "sign-in", "sign-in"]);
  expect(["author.ts", "oauthor.ts", "authority.md", "demo/auth.ts"].map(found)).toEqual([undefined, undefined, undefined, undefined]);
});

test.each([
  ["docs/auth.md", "prose"],
  ["docs/auth.ts", "docs"],
  ["src/docs/auth.ts", "other"],
  ["src/features/login.ts", "other"],
  ["src/auth.test.ts", "test"],
  ["src/__tests__/x.ts", "test"],
  ["src/OrderServiceTest.java", "test"],
  ["src/contest.ts", "other"],
  ["src/latest/x.ts", "other"],
  ["tests/test_x.py", "test"],
  ["src/testimonials.ts", "other"],
  ["locales/en/auth.json", "wording"],
  ["src/i18n/index.ts", "other"],
  ["src/login.scss", "look"],
  ["PACKAGE-LOCK.JSON", "packages"],
  ["requirements-dev.txt", "packages"],
  ["src/package.ts", "other"],
])("%s is %s", (path, kind) => {
  expect(kindOf(path)).toBe(kind);
});
