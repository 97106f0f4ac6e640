import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** What is kept from code that runs here, as far as this machine can. */
export interface Isolation {
  /** `bubblewrap`, `namespaces` (unshare), or `none`. */
  readonly kind: "bubblewrap" | "namespaces" | "none";
  readonly network: "none" | "open";
  /** Whether files outside the work folder can be written. */
  readonly files: "read-only" | "open";
  /** Whether every process ends with the first, however it was started. */
  readonly processes: "own" | "group";
  /** What could not be had, for people. */
  readonly notes: readonly string[];
}

/** What an isolated command needs. */
export interface IsolateOptions {
  /** The one folder that may be written. */
  readonly folder: string;
  readonly network: boolean;
}

/** The strongest isolation that this machine has, tried once. */
export function findIsolation(): Isolation {
  found ??= [bubblewrap, namespaces].find(works) ?? open;
  return found;
}

let found: Isolation | undefined;

const full = { network: "none", files: "read-only", processes: "own", notes: [] } as const;
const bubblewrap: Isolation = { kind: "bubblewrap", ...full };
const namespaces: Isolation = { kind: "namespaces", ...full };
const open: Isolation = {
  kind: "none",
  network: "open",
  files: "open",
  processes: "group",
  notes: [
    "this machine offers neither bubblewrap nor user namespaces: network, files outside the work folder and your other processes stay open",
  ],
};

function works(isolation: Isolation): boolean {
  const [command, ...words] = isolated(["true"], { isolation, folder: "/tmp", network: false });
  return spawnSync(command!, words, { stdio: "ignore", timeout: 5000 }).status === 0;
}

/** A command as it is started so that the isolation holds. */
export function isolated(
  command: readonly string[],
  { isolation, folder, network }: IsolateOptions & { readonly isolation: Isolation },
): string[] {
  if (isolation.kind === "bubblewrap") return bubblewrapped(command, { folder, network });
  if (isolation.kind === "namespaces") return unshared(command, { folder, network });
  return [...command];
}

/** Folders in which people keep keys; what runs sees them empty. */
const secretFolders = [".ssh", ".aws", ".gnupg", ".config", ".docker", ".kube", ".azure", ".cache/huggingface"];
const secretFiles = [".netrc", ".npmrc", ".pypirc", ".git-credentials", ".env"];

const present = (names: readonly string[]): string[] =>
  [...names.map((name) => join(homedir(), name)), ...(names === secretFiles ? [resolve(".env")] : [])].filter((path) =>
    existsSync(path),
  );

function bubblewrapped(command: readonly string[], { folder, network }: IsolateOptions): string[] {
  const hidden = [
    ...present(secretFolders).flatMap((path) => ["--tmpfs", path]),
    ...present(secretFiles).flatMap((path) => ["--ro-bind", "/dev/null", path]),
  ];
  return [
    ...["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", ...hidden],
    ...["--bind", folder, folder, "--unshare-all", ...(network ? ["--share-net"] : [])],
    ...["--die-with-parent", "--new-session", "--", ...command],
  ];
}

/**
 * Makes every mount read-only but the folder "$1": a home or a /tmp with a mount of its own does not follow the root. One
 * that refuses is covered by an empty one. The kernel's switches in /proc obey root, whom this may be.
 */
const readOnlyMounts = `
mapfile -t mounts < /proc/self/mountinfo
for line in "\${mounts[@]}"; do
  read -r _ _ _ _ point options _ <<< "$line"
  printf -v point "\${point//%/%%}"
  case "$point" in "$1" | /proc | /proc/*) continue ;; esac
  case ",$options," in *,ro,*) continue ;; esac
  mount -o "remount,bind,\${options/#rw/ro}" "$point" 2>/dev/null || mount -t tmpfs -o ro none "$point" || exit 125
done
for path in /proc/sys /proc/sysrq-trigger /proc/irq /proc/bus /proc/fs; do
  [ ! -e "$path" ] || { mount --bind "$path" "$path" && mount -o remount,bind,ro,nosuid,nodev,noexec "$path"; } || exit 125
done
[ ! -d /dev/shm ] || mount -t tmpfs -o nosuid,nodev,size=256m none /dev/shm
`;

/** Mounts that cannot be written, one folder that can, and processes that die with the first. */
function unshared(command: readonly string[], { folder, network }: IsolateOptions): string[] {
  const prepare = [
    "set -e",
    'mount --bind "$1" "$1"',
    ...present(secretFolders).map((path) => `mount -t tmpfs -o ro none ${quoted(path)}`),
    ...present(secretFiles).map((path) => `mount --bind /dev/null ${quoted(path)}`),
    readOnlyMounts,
    'cd "$1"',
    "shift",
    'exec "$@"',
  ].join("\n");
  return [
    ...["unshare", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child=KILL", "--mount-proc", "--ipc"],
    ...(network ? [] : ["--net"]),
    ...["bash", "-c", prepare, "isolated", folder, ...command],
  ];
}

/** A word as a shell reads it unchanged. */
export const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
