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
    "this machine offers neither bubblewrap nor user namespaces: network and files outside the work folder stay open",
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

/** A root that cannot be written, one folder that can, and processes that die with the first. */
function unshared(command: readonly string[], { folder, network }: IsolateOptions): string[] {
  const prepare = [
    'mount --bind "$1" "$1"',
    ...present(secretFolders).map((path) => `mount -t tmpfs none ${quoted(path)}`),
    ...present(secretFiles).map((path) => `mount --bind /dev/null ${quoted(path)}`),
    "mount -o remount,bind,ro /",
    'cd "$1"',
    "shift",
    'exec "$@"',
  ].join(" && ");
  return [
    ...["unshare", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child=KILL", "--mount-proc", "--ipc"],
    ...(network ? [] : ["--net"]),
    ...["bash", "-c", prepare, "isolated", folder, ...command],
  ];
}

/** A word as a shell reads it unchanged. */
export const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
