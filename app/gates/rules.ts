/** What holds agents and people to the rules: the rig's own settings, what runs by itself, and names that deceive. */
import type { Change, Evidence, Gate } from "./gate.ts";
import { folded, gone, pathsOf, SUBMODULE, SYMLINK, seen } from "./paths.ts";

interface Place {
  readonly says: string;
  readonly is: RegExp;
}

const places: readonly Place[] = [
  { says: "decides who owns which file", is: /^(?:\.github\/|docs\/)?codeowners$|(?:^|\/)codeowners$/ },
  { says: "belongs to what GitHub and the Rig run by", is: /^\.github\// },
  { says: "sets how the Rig works here", is: /^\.?rig(?:-agent)?\.ya?ml$/ },
  {
    says: "tells agents what to do",
    // Small letters under docs are a page about agents; some machines read `agents.md` elsewhere all the same.
    is: /(?:^|\/)AGENTS\.md$|^(?!(?:docs?|content|website)\/)(?:.*\/)?agents(?:\.override)?\.md$|(?:^|\/)(?:claude(?:\.local)?\.md|gemini\.md|copilot-instructions\.md|\.cursorrules|\.windsurfrules|\.clinerules|\.mcp\.json|\.aider\.conf\.yml)$|(?:^|\/)\.(?:claude|cursor|agents|codex|gemini|windsurf|clinerules|continue|aider|roo)\//,
  },
  { says: "decides how git shows and fetches files", is: /(?:^|\/)\.git(?:modules|attributes|config)$/ },
  { says: "lies in git's own folder", is: /(?:^|\/)(?:\.git|git~\d+)(?:\/|$)/ },
  {
    says: "is run by machines",
    is: /^\.(?:circleci|buildkite|gitlab|forgejo|gitea|woodpecker|drone|semaphore|teamcity|concourse|tekton|azure-pipelines|azuredevops)\/|^\.(?:gitlab-ci|travis|appveyor|drone|woodpecker|cirrus|semaphore)\.ya?ml$|^\.gitlab-ci[^/]*\.ya?ml$|(?:^|\/)jenkinsfile(?:[.-][^/]*)?$|(?:^|\/)azure-pipelines[^/]*\.ya?ml$|^bitbucket-pipelines\.yml$|(?:^|\/)action\.ya?ml$|^cloudbuild\.ya?ml$|^buildspec\.ya?ml$/,
  },
  {
    says: "is run on people's machines",
    is: /(?:^|\/)\.(?:husky|githooks|git-hooks|devcontainer|idea\/runconfigurations)\/|(?:^|\/)\.devcontainer\.json$|(?:^|\/)\.(?:pre-commit-config\.ya?ml|envrc|mise\.toml|lefthook\.ya?ml)$|^lefthook\.ya?ml$|^\.vscode\/(?:tasks|launch|settings)\.json$/,
  },
  {
    says: "decides where packages come from",
    is: /(?:^|\/)(?:\.npmrc|\.yarnrc(?:\.ya?ml)?|\.pypirc|pip\.conf|nuget\.config|\.pnpmfile\.c?js|\.bundle\/config|\.cargo\/config(?:\.toml)?)$|(?:^|\/)\.yarn\/(?:plugins|releases)\/|^\.?renovate(?:rc)?(?:\.json5?)?$/,
  },
];

export const rules: Gate = {
  name: "rules",
  why: "It changes what the Rig, the pipelines or the agents go by: who changes the rules can get past every other gate.",
  raisedBy: (changes) => [
    ...changes.flatMap((change) => [...byPlace(change), ...byMode(change), ...byName(change)]),
    ...collisions(changes),
  ],
};

function byPlace(change: Change): readonly Evidence[] {
  const names = new Set(pathsOf(change).flatMap((name) => [folded(name), folded(seen(name)), seen(name)]));
  const place = [...names].flatMap((name) => places.find(({ is }) => is.test(name)) ?? [])[0];
  return place ? [{ path: change.path, ...gone(change), because: place.says }] : [];
}

function byMode(change: Change): readonly Evidence[] {
  const { path, mode, previousMode } = change;
  const either = [mode, previousMode];
  if (either.includes(SYMLINK)) return [{ path, ...gone(change), because: "a symlink: what lies there is somewhere else" }];
  if (either.includes(SUBMODULE)) return [{ path, ...gone(change), because: "a submodule: its content is another repository's" }];
  return previousMode === "100644" && mode === "100755" ? [{ path, because: "can now be run as a program" }] : [];
}

/** Names that mean something else to another machine, or show something else to a reader. */
const deceits: readonly Place[] = [
  {
    says: "its name has characters that cannot be seen",
    is: /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u,
  },
  { says: "its name has a backslash, a separator elsewhere", is: /\\/ },
  { says: "its name leads out of its folder", is: /(?:^|\/)\.{1,2}(?:\/|$)|^\/|\/\// },
  { says: "a part of its name ends in a dot or a space, which some machines drop", is: /[^./][. ]+(?:\/|$)|(?:^|\/) +(?:\/|$)/ },
  { says: "a part of its name is a device or a stream elsewhere", is: /(?:^|\/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.[^/]*)?(?:\/|$)|:/i },
];

function byName(change: Change): readonly Evidence[] {
  const deceit = deceits.find(({ is }) => is.test(change.path));
  return deceit ? [{ path: change.path, ...gone(change), because: deceit.says }] : [];
}

/** Two names of the head that are one file where case or Unicode form does not count. */
function collisions(changes: readonly Change[]): readonly Evidence[] {
  const here = changes.filter(({ mode }) => mode !== undefined).map(({ path }) => path);
  const byForm = Map.groupBy(new Set(here), folded);
  return [...byForm.values()]
    .filter((names) => names.length > 1)
    .flatMap((names) =>
      names
        .toSorted()
        .map((path) => ({ path, because: "differs from another changed file in nothing but case or the form of its letters" })),
    );
}
