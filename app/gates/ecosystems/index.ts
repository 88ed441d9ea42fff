/** Every file that can bring in other people's code. The first that takes a path reads it. */
import { bunBinary, bunLock } from "./bun.ts";
import { cargoLock, cargoManifest, cargoSettings } from "./cargo.ts";
import { compose } from "./compose.ts";
import { composerLock, composerManifest } from "./composer.ts";
import { dockerfile } from "./dockerfile.ts";
import { globalJson, nugetConfig, nugetLock, nugetProject, nugetTools, packagesConfig } from "./dotnet.ts";
import type { Format } from "./format.ts";
import { actionFile, workflow } from "./github-actions.ts";
import { goMod, goSum } from "./go.ts";
import { gradleBuild, gradleCatalog, gradleLock, gradleWrapper } from "./gradle.ts";
import { helmChart } from "./helm.ts";
import { maven } from "./maven.ts";
import { npmLock } from "./npm-lock.ts";
import { npmManifest, npmSettings } from "./npm-manifest.ts";
import { pipfile, pipfileLock } from "./pipfile.ts";
import { pnpmLock, pnpmWorkspace } from "./pnpm.ts";
import { pyproject } from "./pyproject.ts";
import { pythonLock } from "./python-lock.ts";
import { requirements } from "./python-requirements.ts";
import { setupCfg, setupPy } from "./python-setup.ts";
import { gemfile, gemfileLock, gemspec } from "./ruby.ts";
import { submodules } from "./submodules.ts";
import { yarnLock } from "./yarn.ts";

export const formats: readonly Format[] = [
  npmManifest,
  npmSettings,
  npmLock,
  pnpmLock,
  pnpmWorkspace,
  yarnLock,
  bunLock,
  bunBinary,
  requirements,
  pyproject,
  setupCfg,
  setupPy,
  pipfile,
  pipfileLock,
  pythonLock,
  goMod,
  goSum,
  cargoManifest,
  cargoLock,
  cargoSettings,
  maven,
  gradleBuild,
  gradleCatalog,
  gradleLock,
  gradleWrapper,
  nugetProject,
  packagesConfig,
  nugetLock,
  nugetTools,
  nugetConfig,
  globalJson,
  gemfile,
  gemfileLock,
  gemspec,
  composerManifest,
  composerLock,
  workflow,
  actionFile,
  dockerfile,
  compose,
  helmChart,
  submodules,
];
