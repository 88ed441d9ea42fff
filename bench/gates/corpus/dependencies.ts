/** Changes to what a project is made of: real ecosystems, real shapes, invented names where the name does not matter. */
import type { Change } from "../../../app/gates/gate.ts";
import { added, deleted, edited, renamed } from "../change.ts";
import type { Labelled } from "../labelled.ts";

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const lines = (...all: readonly string[]): string => `${all.join("\n")}\n`;
const hit = (name: string, ...changes: readonly Change[]): Labelled => ({ name, gate: "dependencies", raises: true, changes });
const miss = (name: string, ...changes: readonly Change[]): Labelled => ({ name, gate: "dependencies", raises: false, changes });
const trick = (name: string, ...changes: readonly Change[]): Labelled => ({ ...hit(name, ...changes), adversarial: true });

const HOST = "https://packages.example";
const OTHER = "https://mirror.invalid";
const manifest = (more: object = {}) =>
  json({
    name: "shop",
    version: "2.4.0",
    scripts: { test: "jest" },
    dependencies: { express: "^4.18.2", lodash: "^4.17.20" },
    devDependencies: { jest: "^29.7.0" },
    ...more,
  });
const locked = (name: string, version: string, more: object = {}) => ({
  version,
  resolved: `${HOST}/${name}/-/${name.split("/").at(-1)}-${version}.tgz`,
  integrity: `sha512-${name}${version}==`,
  ...more,
});
const npmLock = (packages: object = {}) =>
  json({
    name: "shop",
    lockfileVersion: 3,
    packages: {
      "": { name: "shop", dependencies: { express: "^4.18.2", lodash: "^4.17.20" }, devDependencies: { jest: "^29.7.0" } },
      "node_modules/express": locked("express", "4.18.2"),
      "node_modules/lodash": locked("lodash", "4.17.20"),
      "node_modules/jest": locked("jest", "29.7.0", { dev: true }),
      ...packages,
    },
  });
const pnpmLock = (direct: readonly string[], packages: readonly string[]) =>
  lines(
    "lockfileVersion: '9.0'",
    "importers:",
    "  .:",
    "    dependencies:",
    ...direct.flatMap((name) => [`      ${name}:`, "        specifier: ^1.0.0", "        version: 1.0.0"]),
    "packages:",
    ...packages.flatMap((key) => [`  '${key}':`, "    resolution: {integrity: sha512-abc==}"]),
  );
const cargo = (dependencies: string, more = "") =>
  lines("[package]", 'name = "till"', 'version = "0.3.0"', 'edition = "2021"', "", "[dependencies]", dependencies, more);
const pom = (dependencies: string, more = "") =>
  lines(
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<project xmlns="http://maven.apache.org/POM/4.0.0">',
    "  <modelVersion>4.0.0</modelVersion>",
    "  <groupId>com.acme.shop</groupId>",
    "  <artifactId>shop</artifactId>",
    "  <version>1.0</version>",
    `  <dependencies>${dependencies}</dependencies>`,
    more,
    "</project>",
  );
const artifact = (group: string, name: string, version: string) =>
  `\n    <dependency>\n      <groupId>${group}</groupId>\n      <artifactId>${name}</artifactId>\n      <version>${version}</version>\n    </dependency>`;
const csproj = (...references: readonly string[]) =>
  lines('<Project Sdk="Microsoft.NET.Sdk.Web">', "  <ItemGroup>", ...references.map((one) => `    ${one}`), "  </ItemGroup>", "</Project>");
const workflow = (...steps: readonly string[]) =>
  lines(
    "name: ci",
    "on: [push]",
    "jobs:",
    "  test:",
    "    runs-on: ubuntu-latest",
    "    steps:",
    ...steps.map((step) => `      - ${step}`),
  );
const gemLock = (gems: readonly string[], direct: readonly string[], remote = "https://gems.example/") =>
  lines(
    "GEM",
    `  remote: ${remote}`,
    "  specs:",
    ...gems.map((gem) => `    ${gem}`),
    "",
    "PLATFORMS",
    "  ruby",
    "",
    "DEPENDENCIES",
    ...direct.map((gem) => `  ${gem}`),
  );

const npm: readonly Labelled[] = [
  hit(
    "a runtime dependency is added to package.json",
    edited("package.json", manifest(), manifest({ dependencies: { express: "^4.18.2", lodash: "^4.17.20", stripe: "^14.0.0" } })),
  ),
  hit(
    "a linter is added for development",
    edited("package.json", manifest(), manifest({ devDependencies: { jest: "^29.7.0", eslint: "^9.0.0" } })),
  ),
  hit(
    "a peer dependency is added in a workspace",
    edited("packages/ui/package.json", manifest(), manifest({ peerDependencies: { react: ">=18" } })),
  ),
  hit("an optional dependency is added", edited("package.json", manifest(), manifest({ optionalDependencies: { fsevents: "^2.3.0" } }))),
  hit(
    "a first manifest comes with a new service",
    added("services/mail/package.json", json({ name: "mail", dependencies: { nodemailer: "^6.9.0" } })),
  ),
  hit(
    "a transitive package appears in the lockfile after a bump",
    edited("package.json", manifest(), manifest({ dependencies: { express: "^4.21.0", lodash: "^4.17.20" } })),
    edited(
      "package-lock.json",
      npmLock(),
      npmLock({ "node_modules/express": locked("express", "4.21.0"), "node_modules/side-channel": locked("side-channel", "1.1.0") }),
    ),
  ),
  hit(
    "a dependency is taken from a git repository",
    edited(
      "package.json",
      manifest(),
      manifest({ dependencies: { express: "^4.18.2", lodash: "^4.17.20", widget: "git+https://github.com/acme/widget.git#v1" } }),
    ),
  ),
  hit(
    "pnpm's lockfile gains a package",
    edited("pnpm-lock.yaml", pnpmLock(["express"], ["express@1.0.0"]), pnpmLock(["express", "zod"], ["express@1.0.0", "zod@1.0.0"])),
  ),
  hit(
    "a catalog of a pnpm workspace gains a package",
    edited(
      "pnpm-workspace.yaml",
      lines("packages: ['packages/*']", "catalog:", "  react: ^18.2.0"),
      lines("packages: ['packages/*']", "catalog:", "  react: ^18.2.0", "  redux: ^5.0.0"),
    ),
  ),
  hit(
    "yarn 1's lockfile gains a package",
    edited(
      "yarn.lock",
      lines("# yarn lockfile v1", "", "lodash@^4.17.20:", '  version "4.17.20"', `  resolved "${HOST}/lodash/-/lodash-4.17.20.tgz#aa"`),
      lines(
        "# yarn lockfile v1",
        "",
        "lodash@^4.17.20:",
        '  version "4.17.20"',
        `  resolved "${HOST}/lodash/-/lodash-4.17.20.tgz#aa"`,
        "",
        "nanoid@^5.0.0:",
        '  version "5.0.1"',
        `  resolved "${HOST}/nanoid/-/nanoid-5.0.1.tgz#bb"`,
      ),
    ),
  ),
  hit(
    "yarn 4's lockfile gains a package",
    edited(
      "yarn.lock",
      lines("__metadata:", "  version: 8", "", '"lodash@npm:^4.17.20":', "  version: 4.17.20", '  resolution: "lodash@npm:4.17.20"'),
      lines(
        "__metadata:",
        "  version: 8",
        "",
        '"lodash@npm:^4.17.20":',
        "  version: 4.17.20",
        '  resolution: "lodash@npm:4.17.20"',
        "",
        '"nanoid@npm:^5.0.0":',
        "  version: 5.0.1",
        '  resolution: "nanoid@npm:5.0.1"',
      ),
    ),
  ),
  hit(
    "bun's lockfile gains a package",
    edited(
      "bun.lock",
      '{\n  "lockfileVersion": 1,\n  "workspaces": { "": { "dependencies": { "hono": "^4.0.0", }, }, },\n  "packages": {\n    "hono": ["hono@4.0.0", "", {}, "sha512-a"],\n  }\n}\n',
      '{\n  "lockfileVersion": 1,\n  "workspaces": { "": { "dependencies": { "hono": "^4.0.0", "zod": "^3.0.0", }, }, },\n  "packages": {\n    "hono": ["hono@4.0.0", "", {}, "sha512-a"],\n    "zod": ["zod@3.0.0", "", {}, "sha512-b"],\n  }\n}\n',
    ),
  ),
  trick(
    "an alias hides another package under a known name",
    edited("package.json", manifest(), manifest({ dependencies: { express: "^4.18.2", lodash: "npm:lodahs@^4.17.20" } })),
  ),
  trick(
    "an override swaps a known package for another",
    edited("package.json", manifest(), manifest({ overrides: { lodash: "npm:lodash-evil@1.0.0" } })),
  ),
  trick(
    "a nested override takes a package from a repository",
    edited("package.json", manifest(), manifest({ overrides: { express: { qs: "github:someone/qs" } } })),
  ),
  trick(
    "a yarn resolution points at a tarball",
    edited("package.json", manifest(), manifest({ resolutions: { "**/lodash": "https://files.invalid/lodash-4.17.21.tgz" } })),
  ),
  trick(
    "a pnpm override names another package",
    edited("package.json", manifest(), manifest({ pnpm: { overrides: { "express>qs": "npm:qs-fork@6" } } })),
  ),
  trick(
    "a known name comes from a git repository now",
    edited("package.json", manifest(), manifest({ dependencies: { express: "^4.18.2", lodash: "someone/lodash" } })),
  ),
  trick(
    "only the lockfile changes and gains a package",
    edited(
      "package-lock.json",
      npmLock(),
      npmLock({ "node_modules/event-stream": locked("event-stream", "3.3.6", { hasInstallScript: true }) }),
    ),
  ),
  trick(
    "a resolved address in package-lock changes to another host",
    edited(
      "package-lock.json",
      npmLock(),
      npmLock({ "node_modules/lodash": { ...locked("lodash", "4.17.20"), resolved: `${OTHER}/lodash/-/lodash-4.17.20.tgz` } }),
    ),
  ),
  trick(
    "a resolved address in package-lock is another package's",
    edited(
      "package-lock.json",
      npmLock(),
      npmLock({ "node_modules/lodash": { ...locked("lodash", "4.17.20"), resolved: `${HOST}/lodahs/-/lodahs-4.17.20.tgz` } }),
    ),
  ),
  trick(
    "a lockfile entry has another package's name inside",
    edited("package-lock.json", npmLock(), npmLock({ "node_modules/lodash": { ...locked("lodash", "4.17.20"), name: "lodahs" } })),
  ),
  trick(
    "a nested copy deep in the lockfile is a new package",
    edited(
      "package-lock.json",
      npmLock(),
      npmLock({ "node_modules/express/node_modules/flatmap-stream": locked("flatmap-stream", "0.1.1") }),
    ),
  ),
  trick(
    "an old lockfile gains a package inside of a package",
    edited(
      "npm-shrinkwrap.json",
      json({ lockfileVersion: 1, dependencies: { express: { version: "4.18.2", requires: {} } } }),
      json({ lockfileVersion: 1, dependencies: { express: { version: "4.18.2", dependencies: { colors2: { version: "1.0.0" } } } } }),
    ),
  ),
  trick(
    "the manifest's name is in capitals",
    edited("web/Package.JSON", manifest(), manifest({ dependencies: { express: "^4", lodash: "^4", "left-pad": "^1.3.0" } })),
  ),
  trick(
    "the manifest lies under a folder in another normal form",
    edited("cafe\u0301/package.json", manifest(), manifest({ dependencies: { express: "^4", lodash: "^4", "left-pad": "^1.3.0" } })),
  ),
  trick(
    "package.json is not JSON any more, by a comma at the end",
    edited("package.json", manifest(), manifest().replace('"^29.7.0"', '"^29.7.0",')),
  ),
  trick(
    "a section stands there twice",
    edited(
      "package.json",
      manifest(),
      manifest().replace('"devDependencies"', '"dependencies": { "express": "^4.18.2", "evil-pad": "1.0.0" },\n  "devDependencies"'),
    ),
  ),
  trick("package.json becomes a symbolic link", edited("package.json", manifest(), "../elsewhere/package.json", { mode: "120000" })),
  trick("the lockfile is too large to be shown", {
    path: "package-lock.json",
    previousMode: "100644",
    mode: "100644",
    added: [],
    removed: [],
    unreadable: "too large",
  }),
  trick(
    "a manifest moves and gains a package on its way",
    ...renamed("package.json", "web/package.json", manifest()).slice(0, 1),
    added("web/package.json", manifest({ dependencies: { express: "^4", lodash: "^4", "is-odd": "^3" } }), {
      previousPath: "package.json",
    }),
  ),
  trick(
    "a package of an odd prototype name is added",
    edited("package.json", manifest(), manifest().replace('"express"', '"__proto__": "1.0.0",\n    "express"')),
  ),
  trick("a binary lockfile of bun changes", {
    path: "bun.lockb",
    previousMode: "100644",
    mode: "100644",
    added: [],
    removed: [],
    unreadable: "binary",
  }),
  trick("the registry itself is exchanged", edited(".npmrc", lines("save-exact=true"), lines("save-exact=true", `registry=${OTHER}/`))),
  trick(
    "a workspace package is taken from the registry now",
    edited(
      "package-lock.json",
      npmLock({ "node_modules/@shop/money": { resolved: "packages/money", link: true }, "packages/money": { name: "@shop/money" } }),
      npmLock({ "node_modules/@shop/money": locked("@shop/money", "9.9.9") }),
    ),
  ),
  miss("a version is bumped", edited("package.json", manifest(), manifest({ dependencies: { express: "^4.19.0", lodash: "^4.17.21" } }))),
  miss(
    "a version is bumped with its lockfile",
    edited("package.json", manifest(), manifest({ dependencies: { express: "^4.18.2", lodash: "^4.17.21" } })),
    edited("package-lock.json", npmLock(), npmLock({ "node_modules/lodash": locked("lodash", "4.17.21") })),
  ),
  miss("a dependency is removed", edited("package.json", manifest(), manifest({ dependencies: { express: "^4.18.2" } }))),
  miss(
    "dependencies are sorted",
    edited("package.json", manifest(), manifest({ dependencies: { lodash: "^4.17.20", express: "^4.18.2" } })),
  ),
  miss(
    "a dependency moves from development to runtime",
    edited("package.json", manifest(), manifest({ dependencies: { express: "^4", lodash: "^4", jest: "^29.7.0" }, devDependencies: {} })),
  ),
  miss(
    "a script called dependencies is added",
    edited("package.json", manifest(), manifest({ scripts: { test: "jest", dependencies: "npx license-check" } })),
  ),
  miss("the version of the project itself is raised", edited("package.json", manifest(), manifest({ version: "2.5.0" }))),
  miss("a manifest moves to a deeper folder as it is", ...renamed("package.json", "apps/shop/package.json", manifest())),
  miss("a manifest is deleted with its service", deleted("services/old/package.json", manifest())),
  miss(
    "a lockfile gains another copy of a known package",
    edited("package-lock.json", npmLock(), npmLock({ "node_modules/jest/node_modules/lodash": locked("lodash", "3.10.1", { dev: true }) })),
  ),
  miss(
    "an override pins a version of a transitive package",
    edited("package.json", manifest(), manifest({ overrides: { minimist: "1.2.8" } })),
  ),
  miss(
    "keywords and files of a package change",
    edited("package.json", manifest(), manifest({ keywords: ["stripe", "payments"], files: ["dist"] })),
  ),
  miss(
    "a workspace package is used by its sibling",
    edited(
      "packages/web/package.json",
      json({ name: "@shop/web", dependencies: { express: "^4.18.2" } }),
      json({ name: "@shop/web", dependencies: { express: "^4.18.2", "@shop/money": "workspace:*" } }),
    ),
  ),
  miss(
    "a workspace package of npm is used by its sibling, as the lockfile knows it",
    edited(
      "packages/web/package.json",
      json({ name: "@shop/web" }),
      json({ name: "@shop/web", dependencies: { "@shop/money": "^1.0.0" } }),
    ),
    edited(
      "package-lock.json",
      npmLock({ "node_modules/@shop/money": { resolved: "packages/money", link: true }, "packages/web": { name: "@shop/web" } }),
      npmLock({
        "node_modules/@shop/money": { resolved: "packages/money", link: true },
        "packages/web": { name: "@shop/web", dependencies: { "@shop/money": "^1.0.0" } },
      }),
    ),
  ),
  miss(
    "a git dependency moves to a newer tag",
    edited(
      "package.json",
      manifest({ dependencies: { widget: "git+https://github.com/acme/widget.git#v1" } }),
      manifest({ dependencies: { widget: "github:acme/widget#v2" } }),
    ),
  ),
  miss("a page shows how to install a package", edited("docs/setup.md", "# Setup\n", "# Setup\n\n```sh\nnpm install left-pad\n```\n")),
  miss("a source file requires a module", edited("src/cart.js", "const a = 1;\n", 'const _ = require("lodash");\nconst a = 1;\n')),
  miss(
    "a tsconfig changes",
    edited("tsconfig.json", '{ "compilerOptions": {} }', '{ "compilerOptions": { "strict": true, "types": ["jest"] } }'),
  ),
];

const project = (dependencies: readonly string[], more: readonly string[] = []) =>
  lines("[project]", 'name = "till"', 'version = "1.0"', `dependencies = [${dependencies.map((one) => `"${one}"`).join(", ")}]`, ...more);
const python: readonly Labelled[] = [
  hit(
    "a requirement is added",
    edited("requirements.txt", lines("flask==3.0.0", "redis>=5"), lines("flask==3.0.0", "redis>=5", "boto3==1.34.0")),
  ),
  hit(
    "a requirement for development is added",
    edited("requirements/dev.txt", lines("-r base.txt", "pytest"), lines("-r base.txt", "pytest", "ruff==0.4.0")),
  ),
  hit("a PEP 621 dependency is added", edited("pyproject.toml", project(["httpx>=0.27"]), project(["httpx>=0.27", "pydantic>=2"]))),
  hit(
    "an extra is added",
    edited("pyproject.toml", project(["httpx"]), project(["httpx"], ["[project.optional-dependencies]", 'aws = ["boto3"]'])),
  ),
  hit(
    "a dependency group is added",
    edited("pyproject.toml", project(["httpx"]), project(["httpx"], ["[dependency-groups]", 'test = ["pytest>=8"]'])),
  ),
  hit(
    "a Poetry dependency is added",
    edited(
      "pyproject.toml",
      lines("[tool.poetry]", 'name = "till"', "[tool.poetry.dependencies]", 'python = "^3.11"'),
      lines(
        "[tool.poetry]",
        'name = "till"',
        "[tool.poetry.dependencies]",
        'python = "^3.11"',
        'celery = {version = "^5.3", extras = ["redis"]}',
      ),
    ),
  ),
  hit(
    "poetry.lock gains a package",
    edited(
      "poetry.lock",
      lines("[[package]]", 'name = "attrs"', 'version = "23.1.0"'),
      lines("[[package]]", 'name = "attrs"', 'version = "23.1.0"', "", "[[package]]", 'name = "yarl"', 'version = "1.9.2"'),
    ),
  ),
  hit(
    "uv.lock gains a package",
    edited(
      "uv.lock",
      lines("version = 1", "[[package]]", 'name = "idna"', 'version = "3.6"', 'source = { registry = "https://index.example/simple" }'),
      lines(
        "version = 1",
        "[[package]]",
        'name = "idna"',
        'version = "3.6"',
        'source = { registry = "https://index.example/simple" }',
        "[[package]]",
        'name = "sniffio"',
        'version = "1.3"',
        'source = { registry = "https://index.example/simple" }',
      ),
    ),
  ),
  hit(
    "setup.py requires one more",
    edited(
      "setup.py",
      lines("from setuptools import setup", "setup(", '    name="till",', '    install_requires=["requests>=2"],', ")"),
      lines("from setuptools import setup", "setup(", '    name="till",', '    install_requires=["requests>=2", "click"],', ")"),
    ),
  ),
  hit(
    "a Pipfile gains a package",
    edited("Pipfile", lines("[packages]", 'django = "*"'), lines("[packages]", 'django = "*"', 'gunicorn = "*"')),
  ),
  trick(
    "a requirement comes from a repository under its old name",
    edited("requirements.txt", lines("flask==3.0.0"), lines("flask @ git+https://github.com/someone/flask@main")),
  ),
  trick(
    "a second index is added",
    edited("requirements.txt", lines("flask==3.0.0"), lines(`--extra-index-url ${OTHER}/simple`, "flask==3.0.0")),
  ),
  trick(
    "a requirement continues over the end of a line",
    edited("requirements.txt", lines("flask==3.0.0"), lines("flask==3.0.0", "evil-\\", "pad==1.0")),
  ),
  trick(
    "uv takes a known package from elsewhere",
    edited(
      "pyproject.toml",
      project(["httpx"]),
      project(["httpx"], ["[tool.uv.sources]", 'httpx = { git = "https://github.com/someone/httpx" }']),
    ),
  ),
  trick(
    "the build itself needs one more",
    edited(
      "pyproject.toml",
      lines("[build-system]", 'requires = ["hatchling"]', project([])),
      lines("[build-system]", 'requires = ["hatchling", "hatch-hooks"]', project([])),
    ),
  ),
  trick("pyproject.toml is broken", edited("pyproject.toml", project(["httpx"]), project(["httpx"]).replace("]", ""))),
  miss(
    "requirements are bumped and sorted",
    edited("requirements.txt", lines("flask==3.0.0", "redis>=5"), lines("redis>=5.0.1", "Flask==3.0.3")),
  ),
  miss(
    "a requirement is spelt in another way",
    edited("requirements.txt", lines("typing_extensions==4.9.0"), lines("typing-extensions==4.10.0 ; python_version < '3.12'")),
  ),
  miss(
    "hashes and comments of requirements change",
    edited(
      "requirements.txt",
      lines("flask==3.0.0 \\", "    --hash=sha256:aa"),
      lines("# via -r base.in: not boto3", "flask==3.0.1 \\", "    --hash=sha256:bb \\", "    --hash=sha256:cc"),
    ),
  ),
  miss(
    "a requirement moves from requirements.txt to pyproject.toml",
    edited("requirements.txt", lines("httpx==0.27.0"), "\n"),
    edited("pyproject.toml", project([]), project(["httpx>=0.27"])),
  ),
  miss(
    "ruff's settings in pyproject.toml change",
    edited("pyproject.toml", project(["httpx"]), project(["httpx"], ["[tool.ruff]", "line-length = 100", 'select = ["E", "boto3"]'])),
  ),
  miss(
    "an extra refers to the project's own extras",
    edited("pyproject.toml", project(["httpx"]), project(["httpx"], ["[project.optional-dependencies]", 'all = ["till[aws]"]'])),
  ),
  miss(
    "setup.py gains a classifier and an entry point",
    edited(
      "setup.py",
      lines("setup(", '    install_requires=["requests"],', '    classifiers=["Programming Language :: Python"],', ")"),
      lines(
        "setup(",
        '    install_requires=["requests>=2.31"],',
        '    classifiers=["Programming Language :: Python", "Framework :: Django"],',
        '    keywords=["stripe"],',
        '    entry_points={"console_scripts": ["till=till.cli:main"]},',
        ")",
      ),
    ),
  ),
];

const goMod = (...required: readonly string[]) =>
  lines("module github.com/acme/till", "", "go 1.22", "", "require (", ...required.map((one) => `\t${one}`), ")");
const compiled: readonly Labelled[] = [
  hit(
    "a Go module is required",
    edited(
      "go.mod",
      goMod("github.com/go-chi/chi/v5 v5.0.10"),
      goMod("github.com/go-chi/chi/v5 v5.0.10", "github.com/jackc/pgx/v5 v5.5.0"),
    ),
  ),
  hit(
    "a Go module is required on a line of its own",
    edited(
      "go.mod",
      goMod("github.com/go-chi/chi/v5 v5.0.10"),
      `${goMod("github.com/go-chi/chi/v5 v5.0.10")}require golang.org/x/sync v0.7.0\n`,
    ),
  ),
  trick(
    "a Go module is replaced by a fork",
    edited(
      "go.mod",
      goMod("github.com/go-chi/chi/v5 v5.0.10"),
      `${goMod("github.com/go-chi/chi/v5 v5.0.10")}replace github.com/go-chi/chi/v5 => github.com/someone/chi/v5 v5.0.11\n`,
    ),
  ),
  trick(
    "only go.sum gains a module",
    edited(
      "go.sum",
      lines("github.com/pkg/errors v0.9.1 h1:aa="),
      lines("github.com/pkg/errors v0.9.1 h1:aa=", "github.com/someone/errors v0.9.1 h1:bb="),
    ),
  ),
  miss(
    "a Go module is bumped, with go.sum",
    edited("go.mod", goMod("golang.org/x/sync v0.6.0"), goMod("golang.org/x/sync v0.7.0")),
    edited(
      "go.sum",
      lines("golang.org/x/sync v0.6.0 h1:aa="),
      lines("golang.org/x/sync v0.7.0 h1:bb=", "github.com/google/go-cmp v0.6.0/go.mod h1:cc="),
    ),
  ),
  miss(
    "an indirect Go module becomes direct",
    edited("go.mod", goMod("golang.org/x/sync v0.7.0 // indirect"), goMod("golang.org/x/sync v0.7.0")),
  ),
  miss(
    "a nested module of the same repository is required",
    edited("go.mod", goMod("golang.org/x/sync v0.7.0"), goMod("golang.org/x/sync v0.7.0", "github.com/acme/till/api v0.1.0")),
  ),
  miss(
    "the Go version is raised",
    edited(
      "go.mod",
      goMod("golang.org/x/sync v0.7.0"),
      goMod("golang.org/x/sync v0.7.0").replace("go 1.22", "go 1.23\n\ntoolchain go1.23.1"),
    ),
  ),
  hit("a crate is added", edited("Cargo.toml", cargo('serde = "1"'), cargo('serde = "1"\ntokio = { version = "1", features = ["full"] }'))),
  hit(
    "a crate for one platform is added",
    edited("Cargo.toml", cargo('serde = "1"'), cargo('serde = "1"', "[target.'cfg(windows)'.dependencies]\nwinapi = \"0.3\"")),
  ),
  hit(
    "a build dependency is added",
    edited("crates/core/Cargo.toml", cargo('serde = "1"'), cargo('serde = "1"', '[build-dependencies]\ncc = "1"')),
  ),
  hit(
    "Cargo.lock alone gains a crate",
    edited(
      "Cargo.lock",
      lines("version = 3", "[[package]]", 'name = "till"', 'version = "0.1.0"'),
      lines(
        "version = 3",
        "[[package]]",
        'name = "till"',
        'version = "0.1.0"',
        "[[package]]",
        'name = "rand"',
        'version = "0.8.5"',
        'source = "registry+https://index.example/crates"',
      ),
    ),
  ),
  trick(
    "a known crate is renamed from another",
    edited("Cargo.toml", cargo('serde = "1"'), cargo('serde = { package = "serde-evil", version = "1" }')),
  ),
  trick(
    "a known crate is patched from a repository",
    edited(
      "Cargo.toml",
      cargo('serde = "1"'),
      cargo('serde = "1"', '[patch.registry]\nserde = { git = "https://github.com/someone/serde" }'),
    ),
  ),
  miss(
    "features of a crate change",
    edited("Cargo.toml", cargo('serde = "1"'), cargo('serde = { version = "1.0.200", features = ["derive"] }')),
  ),
  miss(
    "a crate moves into the workspace's table",
    edited("Cargo.toml", cargo('serde = "1"'), cargo("serde.workspace = true", '[workspace.dependencies]\nserde = "1"')),
  ),
  miss(
    "a crate of the same workspace is used",
    edited("crates/web/Cargo.toml", cargo('serde = "1"'), cargo('serde = "1"\ntill-core = { path = "../core", version = "0.3" }')),
  ),
  hit(
    "a Maven dependency is added",
    edited(
      "pom.xml",
      pom(artifact("org.slf4j", "slf4j-api", "2.0.9")),
      pom(artifact("org.slf4j", "slf4j-api", "2.0.9") + artifact("com.google.guava", "guava", "33.0.0-jre")),
    ),
  ),
  hit(
    "a Maven plugin is added",
    edited(
      "pom.xml",
      pom(""),
      pom(
        "",
        "<build><plugins><plugin><groupId>org.codehaus.mojo</groupId><artifactId>exec-maven-plugin</artifactId><version>3.1.0</version></plugin></plugins></build>",
      ),
    ),
  ),
  trick(
    "a property changes which group an artifact is of",
    edited(
      "pom.xml",
      pom(artifact("$" + "{log}", "api", "1"), "<properties><log>org.slf4j</log></properties>"),
      pom(artifact("$" + "{log}", "api", "1"), "<properties><log>org.evil</log></properties>"),
    ),
  ),
  trick(
    "a Maven repository is added",
    edited("pom.xml", pom(""), pom("", `<repositories><repository><id>x</id><url>${OTHER}/m2</url></repository></repositories>`)),
  ),
  miss(
    "a Maven version is a property now",
    edited(
      "pom.xml",
      pom(artifact("org.slf4j", "slf4j-api", "2.0.9")),
      pom(artifact("org.slf4j", "slf4j-api", "$" + "{slf4j.version}"), "<properties><slf4j.version>2.0.13</slf4j.version></properties>"),
    ),
  ),
  miss(
    "a Maven module uses its sibling",
    edited("web/pom.xml", pom(""), pom(artifact("com.acme.shop", "shop-core", "$" + "{project.version}"))),
  ),
  miss(
    "an artifact is excluded",
    edited(
      "pom.xml",
      pom(artifact("org.slf4j", "slf4j-api", "2.0.9")),
      pom(
        artifact("org.slf4j", "slf4j-api", "2.0.9").replace(
          "</version>",
          "</version>\n<exclusions><exclusion><groupId>log4j</groupId><artifactId>log4j</artifactId></exclusion></exclusions>",
        ),
      ),
    ),
  ),
  hit(
    "a Gradle dependency is added",
    edited(
      "app/build.gradle.kts",
      lines("dependencies {", '    implementation("io.ktor:ktor-server-core:2.3.0")', "}"),
      lines(
        "dependencies {",
        '    implementation("io.ktor:ktor-server-core:2.3.0")',
        '    implementation("com.squareup.okhttp3:okhttp:4.12.0")',
        "}",
      ),
    ),
  ),
  hit(
    "a Gradle plugin is added",
    edited(
      "build.gradle",
      lines("plugins {", "    id 'java'", "}"),
      lines("plugins {", "    id 'java'", "    id 'org.sonarqube' version '4.4.1'", "}"),
    ),
  ),
  hit(
    "a version catalog gains a library",
    edited(
      "gradle/libs.versions.toml",
      lines("[versions]", 'ktor = "2.3.0"', "[libraries]", 'ktor-core = { module = "io.ktor:ktor-server-core", version.ref = "ktor" }'),
      lines(
        "[versions]",
        'ktor = "2.3.0"',
        "[libraries]",
        'ktor-core = { module = "io.ktor:ktor-server-core", version.ref = "ktor" }',
        'moshi = "com.squareup.moshi:moshi:1.15.0"',
      ),
    ),
  ),
  miss(
    "a Gradle dependency is bumped and another configuration's",
    edited(
      "app/build.gradle",
      lines("dependencies {", "    implementation 'io.ktor:ktor-server-core:2.3.0'", "}"),
      lines(
        "dependencies {",
        "    // was com.other:thing:1.0",
        "    api 'io.ktor:ktor-server-core:2.3.9'",
        "    implementation project(':core')",
        "}",
      ),
    ),
  ),
  miss(
    "a Gradle build sets times and hosts",
    edited("build.gradle", lines("version = '1'"), lines("version = '2'", "def at = '17:00'", "systemProperty 'db', 'localhost:5432'")),
  ),
  hit(
    "a NuGet package is referenced",
    edited(
      "src/Api/Api.csproj",
      csproj('<PackageReference Include="Serilog" Version="3.1.1" />'),
      csproj('<PackageReference Include="Serilog" Version="3.1.1" />', '<PackageReference Include="Dapper" Version="2.1.24" />'),
    ),
  ),
  hit(
    "central package management gains a package",
    edited(
      "Directory.Packages.props",
      lines("<Project><ItemGroup>", "</ItemGroup></Project>"),
      lines("<Project><ItemGroup>", '<PackageVersion Include="Polly" Version="8.2.0" />', "</ItemGroup></Project>"),
    ),
  ),
  miss(
    "a NuGet package moves to central management",
    edited(
      "src/Api/Api.csproj",
      csproj('<PackageReference Include="Serilog" Version="3.1.1" />'),
      csproj('<PackageReference Include="serilog" />'),
    ),
    edited(
      "Directory.Packages.props",
      lines("<Project><ItemGroup>", "</ItemGroup></Project>"),
      lines("<Project><ItemGroup>", '<PackageVersion Include="Serilog" Version="3.1.2" />', "</ItemGroup></Project>"),
    ),
  ),
  miss(
    "a project reference is added",
    edited(
      "src/Api/Api.csproj",
      csproj(),
      csproj('<ProjectReference Include="../Core/Core.csproj" />', '<Using Include="System.Text.Json" />'),
    ),
  ),
];

const others: readonly Labelled[] = [
  hit(
    "a gem is added",
    edited(
      "Gemfile",
      lines('source "https://gems.example"', 'gem "rails", "~> 7.1"'),
      lines('source "https://gems.example"', 'gem "rails", "~> 7.1"', 'gem "sidekiq"'),
    ),
  ),
  hit(
    "a gemspec gains a runtime dependency",
    edited(
      "till.gemspec",
      lines("Gem::Specification.new do |spec|", '  spec.name = "till"', "end"),
      lines("Gem::Specification.new do |spec|", '  spec.name = "till"', '  spec.add_dependency "faraday", "~> 2.0"', "end"),
    ),
  ),
  trick(
    "Gemfile.lock alone gains a gem",
    edited("Gemfile.lock", gemLock(["rails (7.1.0)"], ["rails"]), gemLock(["rails (7.1.0)", "rest-client2 (1.6.13)"], ["rails"])),
  ),
  trick(
    "a gem is taken from a branch on the quiet",
    edited("Gemfile", lines('gem "rails", "~> 7.1"'), lines('gem "rails",', '  github: "someone/rails"')),
  ),
  trick(
    "the remote of Gemfile.lock is another",
    edited("Gemfile.lock", gemLock(["rails (7.1.0)"], ["rails"]), gemLock(["rails (7.1.0)"], ["rails"], `${OTHER}/`)),
  ),
  miss(
    "a gem is bumped and grouped",
    edited(
      "Gemfile",
      lines('gem "rails", "~> 7.0"', 'gem "rspec"'),
      lines('gem "rails", "~> 7.1"', "group :test do", '  gem "rspec", require: false', "end", '# gem "sidekiq"'),
    ),
  ),
  miss(
    "Gemfile.lock follows a bump",
    edited(
      "Gemfile.lock",
      gemLock(["rails (7.0.0)", "  rack (>= 2)", "rack (2.2)"], ["rails"]),
      gemLock(["rails (7.1.0)", "  rack (>= 2.2)", "rack (3.0)"], ["rails"]),
    ),
  ),
  hit(
    "a Composer package is required",
    edited(
      "composer.json",
      json({ require: { php: ">=8.1", "monolog/monolog": "^3" } }),
      json({ require: { php: ">=8.1", "monolog/monolog": "^3", "guzzlehttp/guzzle": "^7.8" } }),
    ),
  ),
  trick(
    "a Composer lock takes a package from a fork",
    edited(
      "composer.lock",
      json({
        packages: [
          {
            name: "monolog/monolog",
            version: "3.5.0",
            dist: { type: "zip", url: "https://api.github.com/repos/Seldaek/monolog/zipball/aaaa" },
          },
        ],
        "packages-dev": [],
      }),
      json({
        packages: [
          {
            name: "monolog/monolog",
            version: "3.5.0",
            dist: { type: "zip", url: "https://api.github.com/repos/someone/monolog/zipball/bbbb" },
          },
        ],
        "packages-dev": [],
      }),
    ),
  ),
  miss(
    "PHP and an extension are required",
    edited(
      "composer.json",
      json({ require: { php: ">=8.1", "monolog/monolog": "^3" } }),
      json({ require: { php: ">=8.2", "ext-intl": "*", "monolog/monolog": "^3.5" }, scripts: { test: "phpunit" } }),
    ),
  ),
  miss(
    "a Composer lock follows a bump",
    edited(
      "composer.lock",
      json({
        packages: [
          {
            name: "monolog/monolog",
            version: "3.5.0",
            dist: { type: "zip", url: "https://api.github.com/repos/Seldaek/monolog/zipball/aaaa" },
          },
        ],
      }),
      json({
        packages: [
          {
            name: "monolog/monolog",
            version: "3.6.0",
            dist: { type: "zip", url: "https://api.github.com/repos/Seldaek/monolog/zipball/cccc" },
          },
        ],
      }),
    ),
  ),
  hit(
    "a workflow uses another action",
    edited(
      ".github/workflows/ci.yml",
      workflow("uses: actions/checkout@v4", "run: npm test"),
      workflow("uses: actions/checkout@v4", "uses: codecov/codecov-action@v4", "run: npm test"),
    ),
  ),
  hit(
    "a workflow calls another repository's workflow",
    edited(
      ".github/workflows/release.yaml",
      lines("on: [push]", "jobs:", "  build:", "    uses: ./.github/workflows/build.yml"),
      lines("on: [push]", "jobs:", "  build:", "    uses: acme/shared/.github/workflows/build.yml@v1"),
    ),
  ),
  trick(
    "a composite action uses one more",
    edited(
      "actions/setup/action.yml",
      lines("name: setup", "runs:", "  using: composite", "  steps:", "    - uses: actions/setup-node@v4"),
      lines(
        "name: setup",
        "runs:",
        "  using: composite",
        "  steps:",
        "    - uses: actions/setup-node@v4",
        "    - uses: someone/setup-more@main",
      ),
    ),
  ),
  trick(
    "a known action's name is taken from a fork",
    edited(".github/workflows/ci.yml", workflow("uses: actions/checkout@v4"), workflow("uses: acti0ns/checkout@v4")),
  ),
  trick(
    "a workflow runs a container of its own",
    edited(
      ".github/workflows/ci.yml",
      workflow("uses: actions/checkout@v4"),
      workflow("uses: actions/checkout@v4", "uses: docker://someone/tool:1"),
    ),
  ),
  trick(
    "a workflow's YAML is ambiguous",
    edited(
      ".github/workflows/ci.yml",
      workflow("uses: actions/checkout@v4"),
      `${workflow("uses: actions/checkout@v4")}jobs:\n  x:\n    uses: someone/else/.github/workflows/a.yml@v1\n`,
    ),
  ),
  miss(
    "an action is pinned to a commit",
    edited(
      ".github/workflows/ci.yml",
      workflow("uses: actions/checkout@v4"),
      workflow("uses: Actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2"),
    ),
  ),
  miss(
    "a workflow gains a step that runs a script",
    edited(
      ".github/workflows/ci.yml",
      workflow("uses: actions/checkout@v4"),
      workflow("uses: actions/checkout@v4", "run: 'echo uses: someone/else@v1'"),
    ),
  ),
  miss(
    "a workflow uses an action of its own repository",
    edited(
      ".github/workflows/ci.yml",
      workflow("uses: actions/checkout@v4"),
      workflow("uses: actions/checkout@v4", "uses: ./actions/setup"),
    ),
  ),
  hit(
    "a Dockerfile starts from another image",
    edited("Dockerfile", lines("FROM node:20-alpine", "COPY . ."), lines("FROM denoland/deno:2.0", "COPY . .")),
  ),
  trick(
    "an ARG swaps the image",
    edited("Dockerfile", lines("ARG BASE=node", "FROM $BASE:20"), lines("ARG BASE=someone/node", "FROM $BASE:20")),
  ),
  trick(
    "a file is copied out of another image",
    edited(
      "build/api.Dockerfile",
      lines("FROM golang:1.22 AS build", "FROM alpine:3.20", "COPY --from=build /app /app"),
      lines("FROM golang:1.22 AS build", "FROM alpine:3.20", "COPY --from=build /app /app", "COPY --from=someone/tools:1 /bin/x /bin/x"),
    ),
  ),
  trick(
    "the same image comes from another host",
    edited("Containerfile", lines("FROM images.example/base/node:20"), lines("FROM images.invalid/base/node:20")),
  ),
  miss(
    "an image is bumped and pinned by digest",
    edited(
      "Dockerfile",
      lines("FROM node:20-alpine AS build", "FROM build"),
      lines(
        `FROM --platform=linux/amd64 node:22-alpine@sha256:${"a".repeat(64)} AS build`,
        "FROM build AS test",
        "FROM scratch",
        "COPY --from=test /app /app",
      ),
    ),
  ),
  miss(
    "a Dockerfile installs what is there already",
    edited(
      "Dockerfile",
      lines("FROM python:3.12", "COPY . ."),
      lines("FROM python:3.12", "COPY . .", "ENV FROM=redis", "RUN echo from redis"),
    ),
  ),
  hit(
    "a service is added to Compose",
    edited(
      "docker-compose.yml",
      lines("services:", "  db:", "    image: postgres:16"),
      lines("services:", "  db:", "    image: postgres:16", "  cache:", "    image: redis:7"),
    ),
  ),
  miss(
    "a service of Compose is bumped and another is built here",
    edited(
      "compose.yaml",
      lines("services:", "  db:", "    image: postgres:16"),
      lines("services:", "  db:", `    image: postgres:$${"{PG:-17}"}`.replace("$$", "$"), "  web:", "    build: .", "    image: shop-web"),
    ),
  ),
  hit(
    "a Helm chart depends on another",
    edited(
      "charts/shop/Chart.yaml",
      lines("apiVersion: v2", "name: shop", "version: 1.0.0"),
      lines(
        "apiVersion: v2",
        "name: shop",
        "version: 1.1.0",
        "dependencies:",
        "  - name: redis",
        "    version: 18.1.0",
        "    repository: https://charts.example/stable",
      ),
    ),
  ),
  trick(
    "a Helm dependency's repository is exchanged",
    edited(
      "charts/shop/Chart.yaml",
      lines("name: shop", "dependencies:", "  - name: redis", "    version: 18.1.0", "    repository: https://charts.example/stable"),
      lines("name: shop", "dependencies:", "  - name: redis", "    version: 18.1.0", "    repository: https://charts.invalid/stable"),
    ),
  ),
  miss(
    "a Helm dependency is bumped",
    edited(
      "charts/shop/Chart.yaml",
      lines(
        "name: shop",
        "version: 1.0.0",
        "dependencies:",
        "  - name: redis",
        "    version: 18.1.0",
        "    repository: https://charts.example/stable",
      ),
      lines(
        "name: shop",
        "version: 1.0.1",
        "dependencies:",
        "  - name: redis",
        "    version: 18.2.0",
        "    repository: https://charts.example/stable/",
      ),
    ),
  ),
  trick("a submodule is added", {
    path: "vendor/widget",
    mode: "160000",
    added: [{ line: 1, text: "Subproject commit aaaa" }],
    removed: [],
  }),
  miss("a submodule moves to a newer commit", {
    path: "vendor/widget",
    previousMode: "160000",
    mode: "160000",
    added: [{ line: 1, text: "Subproject commit bbbb" }],
    removed: [{ line: 1, text: "Subproject commit aaaa" }],
  }),
  miss("a picture changes", {
    path: "docs/logo.png",
    previousMode: "100644",
    mode: "100644",
    added: [],
    removed: [],
    unreadable: "binary",
    media: "image/png",
  }),
  miss("a manifest only becomes executable", edited("package.json", manifest(), manifest(), { mode: "100755" })),
];

export const dependenciesCorpus: readonly Labelled[] = [...npm, ...python, ...compiled, ...others];
