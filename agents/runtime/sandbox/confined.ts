/**
 * The last step of each way in: bounds on what a command may use, and no way back to privileges.
 *
 * Memory is bounded for each process, not for all of them together: that would take a cgroup, which neither a container nor
 * a normal user can count on. A run that eats all of its runner's memory ends its own job; the pod's limit is the bound.
 */

/** One command's share: CPU seconds, processes, bytes of one file, bytes of data, open files, no core dump. */
export const limits = ["--cpu=3600", "--nproc=1024", "--fsize=2147483648", "--data=6442450944", "--nofile=8192", "--core=0"];

const unprivileged = ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"];

/** `setpriv … prlimit … bash -c`, to be followed by the script. */
export function confined(as: readonly string[]): readonly string[] {
  return ["setpriv", ...as, ...unprivileged, "prlimit", ...limits, "bash", "-c"];
}
