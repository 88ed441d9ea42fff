import { at, nameOf, ofKind } from "../manifest.ts";
import type { Policy } from "../policies.ts";

/** R-ES1 on one node and on three; and what is lost with the disk is in the object store. */
export const keepsWhatItAcknowledged: Policy = ({ objects }) =>
  ofKind(objects, "Cluster").flatMap((cluster) => {
    const alone = at(cluster, "spec.instances") === 1;
    const standbys = Number(at(cluster, "spec.postgresql.synchronous.number") ?? 0);
    const store = [at(cluster, "spec.plugins") ?? []].flat().find((plugin) => at(plugin, "isWALArchiver") === true);
    const backedUp = ofKind(objects, "ScheduledBackup").some(
      (backup) => at(backup, "spec.cluster.name") === cluster.metadata.name && at(backup, "spec.method") === "plugin",
    );
    return [
      ...(at(cluster, "spec.postgresql.parameters.synchronous_commit") === "on" ? [] : ["synchronous_commit is not on"]),
      ...(alone || standbys > 0 ? [] : ["no standby has a commit when it is acknowledged"]),
      ...(at(cluster, "spec.postgresql.parameters.fsync") === undefined ? [] : ["fsync is set"]),
      ...(at(cluster, "spec.enableSuperuserAccess") === false ? [] : ["its superuser has a password"]),
      ...(at(cluster, "spec.resources.limits.memory") === undefined ? ["no limit of memory"] : []),
      ...(store === undefined ? ["no archive of its log"] : []),
      ...(backedUp ? [] : ["no scheduled backup"]),
    ].map((line) => `${nameOf(cluster)}: ${line}`);
  });
