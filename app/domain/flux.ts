/** What Flux last reported of an object that it applies. */
import type { Sha } from "./ids.ts";

export interface FluxReport {
  /** `Kustomization/flux-system/shop`, as `deploy.*.flux` of rig.yml names it. */
  readonly object: string;
  /** The commit that it reports about; absent where the revision names none. */
  readonly sha?: Sha;
  /** As Flux writes it, such as `main@sha1:<40 digits>`; empty where it told none. A stranger's words. */
  readonly revision: string;
  /** It applied that revision, and everything in it is healthy. */
  readonly ready: boolean;
  /** A stranger's words. */
  readonly message: string;
  /** By Flux's own clock. */
  readonly at: Date;
}
