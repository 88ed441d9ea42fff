import { expect, test } from "@jest/globals";
import type { Package } from "../../../app/gates/ecosystems/format.ts";
import { formats } from "../../../app/gates/ecosystems/index.ts";

/** `name source`, with `!` for direct and `?` for transitive, as a reader gives them. */
function read(path: string, text: string): readonly string[] {
  const folded = path.toLowerCase();
  const format = formats.find((one) => one.is(folded, folded.slice(folded.lastIndexOf("/") + 1)));
  if (!format) throw new Error(`Nothing reads ${path}.`);
  return format.read(text, path).map(written);
}

const written = ({ name, source, direct, role }: Package): string => {
  const from = source.kind === "local" ? "local" : (source.at ?? source.kind);
  return [name, from, direct === undefined ? "" : direct ? "!" : "?", role ?? ""].filter((word) => word !== "").join(" ");
};

const npm = (dependencies: object, path = "web/package.json") => read(path, JSON.stringify({ dependencies }));

test.each([
  ["^1.2.3", "a registry !"],
  ["latest", "a registry !"],
  ["npm:b@^2", "b registry !"],
  ["npm:@s/b", "@s/b registry !"],
  ["npm:^1.0.0", "a registry !"],
  ["workspace:*", "a local !"],
  ["catalog:", "a registry !"],
  ["file:../shared", "a local !"],
  ["link:./shared", "a local !"],
  ["file:../../outside", "a ../../outside, outside the repository !"],
  ["file:./a-1.0.0.tgz", "a file:web !"],
  ["/opt/a", "a /opt/a, outside the repository !"],
  ["github:o/a#v1", "a git+https://github.com/o/a !"],
  ["o/a", "a git+https://github.com/o/a !"],
  ["git@github.com:o/a.git", "a git+https://github.com/o/a !"],
  ["git+ssh://git@github.com/o/a.git#semver:^1", "a git+https://github.com/o/a !"],
  ["https://github.com/o/a/archive/main.tar.gz", "a git+https://github.com/o/a !"],
  ["https://files.example/a/a-1.0.0.tgz", "a https://files.example/a !"],
  ["patch:a@npm%3A1.0.0#./fix.patch", "a registry !"],
  ["jsr:@s/b@1", "@s/b jsr !"],
])("npm's %s is read as %s", (spec, expected) => {
  expect(npm({ a: spec })).toEqual([expected]);
});

test.each([
  [
    "an npm manifest's other sections",
    "package.json",
    '{"peerDependencies":{"a":"1"},"bundledDependencies":["b"],"overrides":{"c":{"d":"npm:e@1"},"f":"1"},"packageManager":"pnpm@9.1.0+sha512.aa"}',
    ["a registry ! peer", "b registry ! bundled", "e registry override", "pnpm registry ! package manager"],
  ],
  [
    "an npm lockfile of version 1",
    "package-lock.json",
    '{"lockfileVersion":1,"dependencies":{"a":{"version":"1.0.0","resolved":"https://x.example/npm/a/-/a-1.0.0.tgz"},"b":{"version":"github:o/b#aa"}}}',
    ["b git+https://github.com/o/b", "a https://x.example/npm"],
  ],
  [
    "an npm lockfile of version 3",
    "package-lock.json",
    '{"lockfileVersion":3,"packages":{"":{"dependencies":{"a":"1"}},"p/w":{"name":"w"},"node_modules/w":{"link":true,"resolved":"p/w"},"node_modules/a":{"resolved":"git+ssh://git@github.com/o/a.git#aa"},"node_modules/a/node_modules/b":{}}}',
    ["w local ?", "a git+https://github.com/o/a !", "b registry ?"],
  ],
  [
    "a pnpm lockfile of version 5",
    "pnpm-lock.yaml",
    "lockfileVersion: 5.4\ndependencies:\n  a: 1.0.0\npackages:\n  /a/1.0.0:\n    requiresBuild: true\n  /@s/b/1.0.0_a@1.0.0:\n    dev: true\n  github.com/o/c/0a1b:\n    name: c\n",
    ["a registry !", "@s/b registry ? development", "c git+https://github.com/o/c ?"],
  ],
  [
    "a pnpm lockfile of version 9",
    "pnpm-lock.yaml",
    "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      '@s/a': {specifier: ^1, version: 1.0.0(b@1)}\n      w: {specifier: 'workspace:*', version: 'link:../w'}\npackages:\n  '@s/a@1.0.0': {}\n  'c@https://codeload.github.com/o/c/tar.gz/aa': {resolution: {tarball: 'https://codeload.github.com/o/c/tar.gz/aa'}}\n",
    ["w local !", "@s/a registry !", "c git+https://github.com/o/c ?"],
  ],
  [
    "yarn 1's lockfile",
    "yarn.lock",
    '# yarn lockfile v1\n\n"@s/a@^1", "x@npm:@s/a@^1":\n  version "1.0.0"\n  resolved "https://x.example/@s/a/-/a-1.0.0.tgz#aa"\n',
    ["@s/a https://x.example", "@s/a https://x.example"],
  ],
  [
    "yarn 4's lockfile",
    "yarn.lock",
    '__metadata:\n  version: 8\n\n"a@npm:^1":\n  version: 1.0.0\n  resolution: "a@npm:1.0.0"\n\n"r@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "r@workspace:."\n  dependencies:\n    a: "npm:^1"\n',
    ["a registry !", "r local ?"],
  ],
  [
    "bun's lockfile",
    "bun.lock",
    '{"lockfileVersion":1,"workspaces":{"":{"dependencies":{"a":"1",},},},"packages":{"a":["a@1.0.0","",{},"x"],"b":["b@github:o/b#aa",{},"x"],},}',
    ["a registry !", "b git+https://github.com/o/b ?"],
  ],
  [
    "requirements",
    "requirements.txt",
    "-r requirements-base.txt\n-e .\nA_b[x]==1 ; python_version < '3' # why\nc @ https://f.example/c/c-1.whl\ngit+https://github.com/o/d@v1#egg=d\n--no-binary :all:\n",
    ["- local !", "a-b registry !", "c https://f.example/c !", "d git+https://github.com/o/d !"],
  ],
  ["an included file of another name", "requirements.txt", "-r notes.txt\n", ["included notes.txt registry"]],
  [
    "Poetry's tables",
    "pyproject.toml",
    '[tool.poetry.dependencies]\npython = "^3"\na = {git = "https://github.com/o/a.git"}\n[tool.poetry.group.dev.dependencies]\nb = "*"\n',
    ["a git+https://github.com/o/a !", "b registry ! development"],
  ],
  [
    "uv's sources",
    "pyproject.toml",
    '[project]\nname = "p"\ndependencies = ["a", "b>=1", "p[x]"]\n[tool.uv.sources]\na = { workspace = true }\n',
    ["a local !", "b registry !"],
  ],
  [
    "setup.cfg",
    "setup.cfg",
    "[metadata]\nname = p\n[options]\ninstall_requires =\n    a>=1\n    b ; python_version < '3'\n[options.extras_require]\nx = c\n",
    ["a registry !", "b registry !", "c registry !"],
  ],
  [
    "setup.py with variables",
    "setup.py",
    'REQUIRES = ["a>=1"]\nsetup(install_requires=REQUIRES + ["b"], extras_require={"dev": ["c"]}, keywords=["k"])\n',
    ["b registry !", "a registry !", "c registry !"],
  ],
  [
    "uv's lockfile",
    "uv.lock",
    '[[package]]\nname = "p"\nsource = { editable = "." }\ndependencies = [{ name = "a" }]\n[[package]]\nname = "a"\nsource = { registry = "https://i.example/simple" }\n[[package]]\nname = "b"\nsource = { git = "https://github.com/o/b?rev=aa#aa" }\n',
    ["p local ?", "a https://i.example/simple !", "b git+https://github.com/o/b ?"],
  ],
  [
    "Pipfile's lockfile",
    "Pipfile.lock",
    '{"_meta":{},"default":{"a":{"version":"==1","index":"main"}},"develop":{"b":{"git":"https://github.com/o/b.git"}}}',
    ["a registry", "b git+https://github.com/o/b development"],
  ],
  [
    "a Go module",
    "go.mod",
    "module m.example/m\n\nrequire (\n\ta.example/a v1.0.0 // indirect\n)\nrequire b.example/b v1\nreplace a.example/a => ../a\nreplace b.example/b v1 => f.example/b v1\n",
    [
      "m.example/m local",
      "a.example/a registry ?",
      "b.example/b registry !",
      "a.example/a ../a, outside the repository replaced",
      "b.example/b f.example/b replaced",
    ],
  ],
  [
    "a Cargo manifest",
    "crates/x/Cargo.toml",
    '[dependencies]\na = "1"\nb = { path = "../b" }\nc = { package = "d", git = "https://github.com/o/d" }\ne.workspace = true\n[target."cfg(unix)".dev-dependencies]\nf = { version = "1", registry = "inner" }\n',
    ["a registry !", "b local !", "d git+https://github.com/o/d !", "f inner ! development"],
  ],
  [
    "a Cargo lockfile",
    "Cargo.lock",
    '[[package]]\nname = "r"\ndependencies = ["a 1.0.0"]\n[[package]]\nname = "a"\nsource = "registry+https://i.example/index"\n[[package]]\nname = "b"\nsource = "git+https://github.com/o/b?branch=x#aa"\n',
    ["r local ?", "a https://i.example/index !", "b git+https://github.com/o/b ?"],
  ],
  [
    "a Maven project",
    "pom.xml",
    "<project><parent><groupId>g</groupId><artifactId>p</artifactId></parent><build><plugins><plugin><artifactId>x</artifactId></plugin></plugins></build><profiles><profile><dependencies><dependency><groupId>a</groupId><artifactId lang='x'>b</artifactId><scope>test</scope></dependency></dependencies></profile></profiles></project>",
    ["a:b registry ! test", "org.apache.maven.plugins:x registry ! plugin", "g:p registry ! parent", "g local"],
  ],
  [
    "a Gradle build",
    "build.gradle",
    "plugins { id 'o.p' version '1' }\nrepositories { maven { url 'https://r.example/m2' } }\ndependencies {\n  implementation group: 'a.b', name: 'c', version: '1'\n  api(\"d:e:$v\")\n  implementation files('libs/x.jar')\n}\n",
    ["d:e registry !", "a.b:c registry !", "o.p registry !", "files:libs/x.jar libs/x.jar !", "registry https://r.example/m2 registry"],
  ],
  [
    ".NET projects",
    "a.csproj",
    '<Project Sdk="Some.Sdk/1.0"><PropertyGroup><P>Evil</P></PropertyGroup><ItemGroup><PackageReference Include="A;$(P)" /><packagereference Update="B"/></ItemGroup></Project>',
    ["b registry !", "a registry !", "evil registry !", "some.sdk registry ! build"],
  ],
  [
    "a NuGet lockfile",
    "packages.lock.json",
    '{"dependencies":{"net8.0":{"A":{"type":"Direct"},"B":{"type":"Transitive"},"c":{"type":"Project"}}}}',
    ["a registry !", "b registry ?"],
  ],
  [
    "a Gemfile",
    "Gemfile",
    "source 'https://g.example'\ngem 'a', github: 'o/a'\ngit 'https://github.com/o/b.git' do\n  gem 'b'\nend\ngroup(:test) { gem \"c\" }\n",
    ["registry https://g.example registry", "a git+https://github.com/o/a !", "b git+https://github.com/o/b !", "c registry !"],
  ],
  [
    "a Gemfile's lockfile",
    "Gemfile.lock",
    "GIT\n  remote: https://github.com/o/b.git\n  specs:\n    b (1.0)\n      c\n\nPATH\n  remote: .\n  specs:\n    me (1)\n\nGEM\n  remote: https://g.example/\n  specs:\n    c (1)\n\nDEPENDENCIES\n  b!\n",
    ["b git+https://github.com/o/b !", "me local ?", "c https://g.example ?"],
  ],
  [
    "a Composer manifest",
    "composer.json",
    '{"require":{"php":">=8","ext-x":"*","O/A":"1"},"repositories":[{"type":"vcs","url":"https://github.com/o/a"}]}',
    ["o/a registry !", "registry https://github.com/o/a registry"],
  ],
  [
    "a workflow",
    ".github/workflows/x.yml",
    "jobs:\n  a:\n    container: node:20\n    services:\n      db: {image: 'postgres:16'}\n    steps:\n      - uses: O/A/sub@v1\n      - uses: ./local\n      - uses: docker://x/y:1\n",
    ["o/a/sub registry", "x/y registry", "node registry", "postgres registry"],
  ],
  [
    "a Dockerfile",
    "Dockerfile.prod",
    "# syntax=docker/dockerfile:1\nARG V=20\nARG BASE=node:$V\nFROM --platform=linux/amd64 $BASE AS build\nFROM build\nRUN --mount=type=cache,from=x/y:1 \\\n  true\nCOPY --from=build /a /a\nCOPY \\\n  --from=z:5000/q@sha256:aa /b /b\nCOPY --from=0 /c /c\n",
    ["node registry", "x/y registry", "z:5000/q registry", "docker/dockerfile registry build syntax"],
  ],
  [
    "a Compose file",
    "docker-compose.dev.yml",
    "x-a: &a\n  image: redis:7\nservices:\n  cache:\n    <<: *a\n  web:\n    build: .\n    image: web\n  far:\n    build: https://github.com/o/a.git\n",
    ["redis registry", "build of https://github.com/o/a.git git+https://github.com/o/a"],
  ],
  [
    "a Helm chart",
    "Chart.yaml",
    "dependencies:\n  - {name: a, repository: 'https://c.example/'}\n  - {name: b, repository: 'file://../b'}\n",
    ["a https://c.example !", "b local !"],
  ],
  ["Git submodules", ".gitmodules", '[submodule "a"]\n\tpath = a\n\turl = git@github.com:o/a.git\n', ["a git+https://github.com/o/a !"]],
])("%s is read", (_, path, text, expected) => {
  expect(read(path, text)).toEqual(expected);
});

test.each([
  "src/package.json.ts",
  "docs/Dockerfile.md",
  "app/dockerfile.test.ts",
  "values.yaml",
  "go.module",
  "my-package.json",
  "README.md",
  ".github/dependabot.yml",
])("%s is no manifest", (path) => {
  const folded = path.toLowerCase();
  expect(formats.filter((one) => one.is(folded, folded.slice(folded.lastIndexOf("/") + 1)))).toEqual([]);
});
