import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { CutOutput } from "./cut-output.ts";
import { findIsolation, type Isolation, isolated } from "./isolation.ts";
import { requireFolder, sizeOfFolder } from "./work-folder.ts";

/** What a command may use. */
export interface Limits {
  readonly seconds: number;
  /** Of one process. */
  readonly memoryMb?: number;
  /** Of one file, and of the work folder when the command has ended. */
  readonly diskMb?: number;
  readonly processes?: number;
  /** Characters of its output that are kept: the first and the last half. */
  readonly outputCharacters?: number;
}

/** How a command is run. */
export interface RunBoundedOptions {
  /** The folder that it may write, and starts in. */
  readonly folder: string;
  readonly limits: Limits;
  /** Added to an environment that holds a path, a home of its own and a language, and nothing else. */
  readonly env?: Readonly<Record<string, string>>;
  readonly network?: boolean;
  readonly isolation?: Isolation;
  readonly signal?: AbortSignal;
}

/** How a command ended. */
export interface Ended {
  /** `timeout`: it was killed with everything it had started. */
  readonly outcome: "success" | "failure" | "timeout" | "aborted";
  readonly exitCode: number | null;
  /** Standard output and error as they came. */
  readonly output: string;
}

/**
 * Runs a command in one folder: without the network, without the caller's environment, within limits of time, memory and
 * disk, and with nothing left behind when its time is over.
 *
 * What the machine cannot do is in `findIsolation().notes`.
 */
export async function runBounded(command: readonly string[], options: RunBoundedOptions): Promise<Ended> {
  const { folder, limits, env = {}, network = false, isolation = findIsolation(), signal } = options;
  const home = join(folder, ".home");
  requireFolder(home);
  // The command's own environment is set inside: what it holds (LD_PRELOAD …) must not reach what isolates it.
  const assigned = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const bounded = withLimits(["env", ...assigned, ...command], limits);
  const [program, ...words] = isolated(bounded, { isolation, folder, network });
  const output = new CutOutput(limits.outputCharacters);
  let child: Child;
  try {
    child = spawn(program!, words, {
      cwd: folder,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: plainEnvironment(home),
    });
  } catch (error) {
    // More words than the system takes: what an earlier step wrote into its environment.
    return { outcome: "failure", exitCode: null, output: `${(error as Error).message}\n` };
  }
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => output.add(text));
  let killed: "timeout" | "aborted" | undefined;
  const kill = (reason: typeof killed) => {
    killed ??= reason;
    killGroup(child.pid);
  };
  const timer = setTimeout(() => kill("timeout"), limits.seconds * 1000);
  const abort = () => kill("aborted");
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) abort();
  const exitCode = await endOf(child, output);
  clearTimeout(timer);
  signal?.removeEventListener("abort", abort);
  if (killed !== undefined) return { outcome: killed, exitCode, output: output.text() };
  return endedIn(folder, { exitCode, output, limits });
}

interface Exited {
  readonly exitCode: number | null;
  readonly output: CutOutput;
  readonly limits: Limits;
}

/** How a command ended that was left to end by itself: a folder that holds too much is a failure. */
export function endedIn(folder: string, { exitCode, output, limits }: Exited): Ended {
  const isFull = limits.diskMb !== undefined && sizeOfFolder(folder) > limits.diskMb * 2 ** 20;
  if (isFull) output.add(`\nassay: the folder holds more than ${limits.diskMb} MB\n`);
  return { outcome: exitCode === 0 && !isFull ? "success" : "failure", exitCode, output: output.text() };
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** How long output may still come once the command has ended. */
const graceMs = 500;

/** The exit code, once the command has ended and its output is read; nobody whom it left behind can hold that up. */
function endOf(child: Child, output: CutOutput): Promise<number | null> {
  return new Promise((resolve) => {
    let grace: NodeJS.Timeout | undefined;
    child.on("error", (error) => {
      output.add(`${error.message}\n`);
      resolve(null);
    });
    child.on("exit", () => {
      killGroup(child.pid);
      grace = setTimeout(() => [child.stdout, child.stderr].map((stream) => stream.destroy()), graceMs);
    });
    child.on("close", (code) => {
      clearTimeout(grace);
      resolve(code);
    });
  });
}

/** Nothing of the caller's: keys and tokens stand in environments. */
function plainEnvironment(home: string): Record<string, string> {
  const { PATH = "/usr/local/bin:/usr/bin:/bin" } = process.env;
  return { PATH, HOME: home, TMPDIR: home, LANG: "C.UTF-8", TZ: "UTC", CI: "true" };
}

/** A command behind the limits that a shell can set for it. */
export function withLimits(command: readonly string[], { memoryMb, diskMb, processes, seconds }: Limits): string[] {
  const each = [
    // Private writable memory: what a program reserves and never touches (V8: gigabytes) does not count.
    ...(memoryMb === undefined ? [] : [`ulimit -d ${memoryMb * 1024}`]),
    ...(diskMb === undefined ? [] : [`ulimit -f ${diskMb * 1024}`]),
    ...(processes === undefined ? [] : [`ulimit -u ${processes}`]),
    `ulimit -t ${Math.ceil(seconds) * 4}`,
    "ulimit -c 0",
  ];
  const script = [...each.map((one) => `${one} 2>/dev/null`), 'exec "$@"'].join("; ");
  return ["bash", "-c", script, "bounded", ...command];
}

/** The command leads a group of its own: whatever it started belongs to it, unless it left on purpose. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group is gone already.
  }
}
