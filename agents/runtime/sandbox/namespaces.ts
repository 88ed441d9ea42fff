/**
 * util-linux alone: own mount, process, IPC and host-name namespaces, and a root of its own made of the view. As root the
 * command becomes another user; otherwise a user namespace stands in, and the command holds no capability even in there.
 */
import { dirname } from "node:path";
import { confined } from "./confined.ts";
import { quoted } from "./quoted.ts";
import type { Backend } from "./sandbox.ts";
import { AGENT_UID, type View } from "./view.ts";

export const namespaces: Backend = {
  kind: "namespaces (util-linux unshare)",
  wrap: (script, view) => {
    const root = process.getuid?.() === 0;
    const command = confined(root ? [`--reuid=${AGENT_UID}`, `--regid=${AGENT_UID}`, "--clear-groups"] : [])
      .map(quoted)
      .join(" ");
    // The shell stays as process 1: what a command leaves behind ends with it, and ordinary signals work for its children.
    const setup = [
      "set -eu",
      "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
      // A network namespace of its own begins with its loopback down.
      ...(view.network === "none" ? ["ip link set lo up || ifconfig lo up"] : []),
      ...newRoot(view),
      `cd ${quoted(view.workspace)}`,
      "set +e",
      `PATH=${quoted(view.env.PATH)} ${command} "$1"`,
      "exit $?",
    ].join("\n");
    const own = [
      ...["--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child=SIGKILL"],
      ...(view.network === "none" ? ["--net"] : []),
      ...(root ? [] : ["--user", "--map-root-user"]),
    ];
    return { command: "unshare", args: [...own, "--", "/bin/sh", "-c", setup, "sh", script] };
  },
};

const READ_ONLY = "remount,bind,ro,nosuid,nodev";

function newRoot(view: View): readonly string[] {
  const inside = (path: string) => quoted(`${view.mountPoint}${path}`);
  const bind = (from: string, to: string) => [`mkdir -p ${inside(to)}`, `mount --rbind ${quoted(from)} ${inside(to)}`];
  const file = (from: string, to: string) => `mount --bind ${quoted(from)} ${inside(to)}`;
  return [
    `mount -t tmpfs -o mode=0755,nosuid,nodev,size=64m rig ${inside("")}`,
    // Before all else: what is shown may lie below the machine's own /tmp.
    ...bind(view.tmp, "/tmp"),
    ...view.readable.flatMap((folder) => [...bind(folder, folder), `mount -o ${READ_ONLY} ${inside(folder)}`]),
    ...view.links.map(({ path, target }) => `ln -s ${quoted(target)} ${inside(path)}`),
    ...view.files.flatMap(({ from, to }) => [
      `mkdir -p ${inside(dirname(to))}`,
      `[ -e ${inside(to)} ] || : > ${inside(to)}`,
      file(from, to),
    ]),
    `mkdir ${inside("/dev")} ${inside("/dev/shm")} ${inside("/proc")}`,
    ...["null", "zero", "full", "random", "urandom"].flatMap((name) => [
      `: > ${inside(`/dev/${name}`)}`,
      file(`/dev/${name}`, `/dev/${name}`),
    ]),
    ...[
      ["fd", ""],
      ["stdin", "/0"],
      ["stdout", "/1"],
      ["stderr", "/2"],
    ].map(([name, fd]) => `ln -s /proc/self/fd${fd} ${inside(`/dev/${name}`)}`),
    `mount -t tmpfs -o mode=1777,nosuid,nodev,size=1g rig ${inside("/dev/shm")}`,
    `mount -t proc -o nosuid,nodev,noexec proc ${inside("/proc")}`,
    ...bind(view.workspace, view.workspace),
    `mount -o ${READ_ONLY} ${inside("")}`,
    `cd ${inside("")}`,
    // The old root lands on top of the new one and goes at once (pivot_root(2), "pivot_root(".", ".")").
    "pivot_root . .",
    "umount -l .",
  ];
}
