import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { findIsolation, type Isolation, isolated } from "./isolation.ts";

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
  mkdirSync(home, { recursive: true });
  // The command's own environment is set inside: what it holds (LD_PRELOAD …) must not reach what isolates it.
  const assigned = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const bounded = ["bash", "-c", `${ulimits(limits)}; exec "$@"`, "bounded", "env", ...assigned, ...command];
  const [program, ...words] = isolated(bounded, { isolation, folder, network });
  const child = spawn(program!, words, {
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: plainEnvironment(home),
  });
  const output = new CutOutput(limits.outputCharacters ?? 2 ** 18);
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => output.add(text));
  let killed: "timeout" | "aborted" | undefined;
  const kill = (reason: typeof killed) => {
    killed ??= reason;
    killGroup(child.pid);
  };
  const timer = setTimeout(() => kill("timeout"), limits.seconds * 1000);
  const abort = () => kill("aborted");
  signal?.addEventListener("abort", abort, { once: true });
  const exitCode = await new Promise<number | null>((resolve) => {
    child.on("error", (error) => {
      output.add(`${error.message}\n`);
      resolve(null);
    });
    child.on("close", (code) => resolve(code));
  });
  clearTimeout(timer);
  signal?.removeEventListener("abort", abort);
  killGroup(child.pid);
  if (killed !== undefined) return { outcome: killed, exitCode, output: output.text() };
  const full = limits.diskMb !== undefined && sizeOf(folder) > limits.diskMb * 2 ** 20;
  if (full) output.add(`\nassay: the folder holds more than ${limits.diskMb} MB\n`);
  return { outcome: exitCode === 0 && !full ? "success" : "failure", exitCode, output: output.text() };
}

/** Nothing of the caller's: keys and tokens stand in environments. */
function plainEnvironment(home: string): Record<string, string> {
  const { PATH = "/usr/local/bin:/usr/bin:/bin" } = process.env;
  return { PATH, HOME: home, TMPDIR: home, LANG: "C.UTF-8", TZ: "UTC", CI: "true" };
}

function ulimits({ memoryMb, diskMb, processes, seconds }: Limits): string {
  const each = [
    // Private writable memory: what a program reserves and never touches (V8: gigabytes) does not count.
    ...(memoryMb === undefined ? [] : [`ulimit -d ${memoryMb * 1024}`]),
    ...(diskMb === undefined ? [] : [`ulimit -f ${diskMb * 1024}`]),
    ...(processes === undefined ? [] : [`ulimit -u ${processes}`]),
    `ulimit -t ${Math.ceil(seconds) * 4}`,
    "ulimit -c 0",
  ];
  return each.map((one) => `${one} 2>/dev/null`).join("; ");
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

function sizeOf(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = entries.map((entry) => statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size);
  return bytes.reduce<number>((total, one = 0) => total + one, 0);
}

/** Text of which only the beginning and the end are kept once it is long. */
class CutOutput {
  readonly #half: number;
  #first = "";
  #last = "";
  #lost = 0;

  constructor(most: number) {
    this.#half = Math.floor(most / 2);
  }

  add(text: string): void {
    const room = this.#half - this.#first.length;
    this.#first += text.slice(0, Math.max(0, room));
    const rest = this.#last + text.slice(Math.max(0, room));
    this.#last = rest.slice(-this.#half);
    this.#lost += rest.length - this.#last.length;
  }

  text(): string {
    const gap = this.#lost === 0 ? "" : `\n… ${this.#lost} characters left out …\n`;
    return this.#first + gap + this.#last;
  }
}
