/** What sort of file a path names, as far as that says whether it can change what a program does. */
import { folded, seen } from "../paths.ts";

const PROSE =
  /\.(?:md|mdx|markdown|rst|adoc|asciidoc|tex)$|(?:^|\/)(?:license|licence|notice|authors|contributors|changelog|changes|readme)(?:\.txt)?$/;
const DOCS = /^(?:docs?|documentation)\//;
const WORDING =
  /(?:^|\/)(?:locales?|i18n|l10n|lang|langs|languages|translations?|messages)\/.*\.(?:json5?|ya?ml|po|pot|mo|arb|properties|strings|xliff?|xlf|resx|ftl|toml|csv)$|(?:^|\/)lang\/[a-z-]{2,7}\/[^/]*\.php$|\.(?:po|pot|xlf|xliff|arb|ftl|strings|lproj)$/;
const LOOK = /\.(?:css|scss|sass|less|styl|pcss|svg|drawio|fig|sketch)$/;
const TEST_FOLDER =
  /(?:^|\/)(?:tests?|specs?|__tests__|__mocks__|__snapshots__|__fixtures__|fixtures|testdata|testing|e2e|cypress|playwright|androidtest|unittests?)\//;
const TEST_NAME =
  /(?:[._-](?:test|tests|spec|specs|cy|e2e|stories|story|snap|bench|mock|fixture)\.[a-z0-9.]+|(?:^|\/)(?:test_|conftest)[^/]*\.py|_test\.(?:go|py|rb|exs|dart|cc|cpp))$/;
/** `OrderServiceTest.java`, `CartTests.swift`: a word of its own only by its capital. */
const TEST_CLASS = /[a-z0-9](?:Tests?|Spec|IT)\.[A-Za-z]+$|\.(?:UnitTests?|IntegrationTests?|Tests)\//;
/** Of the last part of a path. */
const PACKAGES =
  /^(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|pnpm-workspace\.yaml|bun\.lockb?|deno\.lock|poetry\.lock|uv\.lock|pdm\.lock|pipfile(?:\.lock)?|requirements[^/]*\.txt|constraints[^/]*\.txt|cargo\.(?:toml|lock)|go\.(?:mod|sum|work|work\.sum)|gemfile(?:\.lock)?|[^/]*\.gemspec|composer\.(?:json|lock)|pom\.xml|build\.gradle(?:\.kts)?|libs\.versions\.toml|gradle\.lockfile|packages\.(?:config|lock\.json)|[^/]*\.(?:cs|fs|vb)proj|directory\.packages\.props|mix\.(?:exs|lock)|pubspec\.(?:yaml|lock)|package\.(?:swift|resolved)|podfile(?:\.lock)?|cartfile(?:\.resolved)?|chart\.(?:yaml|lock)|flake\.lock|\.terraform\.lock\.hcl|pyproject\.toml)$/;

/** `prose`: text for people. `docs`: code in the documentation. `wording`: translations. `look`: styles and drawings. `packages`: manifests and locks, which have a gate of their own. */
export type Kind = "prose" | "docs" | "wording" | "look" | "test" | "packages" | "other";

export function kindOf(path: string): Kind {
  const shown = seen(path);
  const name = folded(shown);
  if (PROSE.test(name)) return "prose";
  if (PACKAGES.test(name.slice(name.lastIndexOf("/") + 1))) return "packages";
  if (TEST_FOLDER.test(name) || TEST_NAME.test(name) || TEST_CLASS.test(shown)) return "test";
  if (WORDING.test(name)) return "wording";
  if (LOOK.test(name)) return "look";
  return DOCS.test(name) ? "docs" : "other";
}
