/**
 * Kills `assay run` and `assay resume` at random instants and looks at what is left: in the store, and in the log of
 * the server that was asked, which is a process of its own and knows nothing of the kill.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type RandomStream, stream } from "#base";
import { listRuns, openRun, Store } from "#runs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const concurrency = 8;

/** What is asked: small enough for a second, large enough that every phase takes time. */
const study = ["mmneedle", "--preset", "tiny", "--set", "pictures=1", "--set", "side=2", "--set", "needles=1"];
const limit = ["--limit", "24"];

export interface KillReport {
  /** Kills that met a living process. */
  readonly kills: number;
  /** Result hashes of the interrupted runs. */
  readonly hashes: readonly string[];
  readonly uninterrupted: string;
  /** Answers that were asked for again although the store had them when the process was killed. */
  readonly askedAgain: number;
  /** The most requests that one kill left without a committed answer. */
  readonly mostLost: number;
}

/** Kills processes until `kills` of them were alive, finishing every run that was begun. */
export async function killTrials({ kills, seed }: { kills: number; seed: number }): Promise<KillReport> {
  const server = await startServer();
  const random = stream(seed, "kill-instants");
  try {
    const calm = await uninterruptedRun(server);
    const tally = { kills: 0, hashes: [] as string[], askedAgain: 0, mostLost: 0 };
    while (tally.kills < kills) await chain({ server, random, calm, tally, kills });
    return { ...tally, uninterrupted: calm.hash };
  } finally {
    server.process.kill("SIGKILL");
    rmSync(server.folder, { recursive: true, force: true });
  }
}

interface LoggingServer {
  readonly process: ChildProcess;
  readonly folder: string;
  readonly url: string;
  /** Keys of the requests so far, in the order in which they came. */
  asked(): string[];
}

async function startServer(): Promise<LoggingServer> {
  const folder = mkdtempSync(join(tmpdir(), "assay-kill-server-"));
  const log = join(folder, "log.jsonl");
  // Its answer names the request, so that a stored answer says which request it belongs to.
  const args = ["--port", "0", "--log", log, "--answers", "hash", "--latency", "15"];
  const hooks = ["--conditions=assay-source", join(root, "test/server/main.ts")];
  const child = spawn(process.execPath, [...hooks, ...args, "--chances", "429-ms=0.02,500=0.02"]);
  const url = await new Promise<string>((resolve) => child.stdout.once("data", (text) => resolve(String(text).trim())));
  const asked = () =>
    readFileSync(log, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as { event: string; key: string })
      .filter(({ event }) => event === "asked")
      .map(({ key }) => key);
  return { process: child, folder, url, asked };
}

interface Calm {
  readonly hash: string;
  readonly durationMs: number;
}

async function uninterruptedRun(server: LoggingServer): Promise<Calm> {
  const home = mkdtempSync(join(tmpdir(), "assay-calm-"));
  const began = performance.now();
  await finished(start(["run", ...study, ...limit, ...subject(server)], home));
  const durationMs = performance.now() - began;
  const hash = hashesIn(home)[0]!;
  rmSync(home, { recursive: true });
  return { hash, durationMs };
}

interface Chain {
  readonly server: LoggingServer;
  readonly random: RandomStream;
  readonly calm: Calm;
  readonly tally: { kills: number; hashes: string[]; askedAgain: number; mostLost: number };
  readonly kills: number;
}

/** One run, killed again and again until it comes to its end. */
async function chain({ server, random, calm, tally, kills }: Chain): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "assay-kill-"));
  const committed = new Set<string>();
  const firstRequest = server.asked().length;
  for (let hash: string | undefined; hash === undefined; hash = hashesIn(home)[0]) {
    const before = server.asked().length;
    const child = start(commandFor(home, server), home);
    const wasAlive =
      tally.kills < kills ? await killAfter(child, random.next() * calm.durationMs) : await finished(child);
    const since = server.asked().slice(before);
    tally.askedAgain += since.filter((key) => committed.has(key)).length;
    for (const key of committedKeys(home)) committed.add(key);
    if (!wasAlive) continue;
    tally.kills++;
    const lost = new Set(
      server
        .asked()
        .slice(firstRequest)
        .filter((key) => !committed.has(key)),
    );
    tally.mostLost = Math.max(tally.mostLost, lost.size);
  }
  tally.hashes.push(hashesIn(home)[0]!);
  rmSync(home, { recursive: true });
}

const subject = ({ url }: LoggingServer): string[] => ["-m", `openai-compatible/needle@${url}/v1`, "--json", "--quiet"];
const conducting = ["--no-cache", "-j", String(concurrency)];

/** `run` while there is no run in the store, `resume` afterwards. */
function commandFor(home: string, server: LoggingServer): string[] {
  const [run] = inStore(home, listRuns) ?? [];
  return run === undefined
    ? ["run", ...study, ...limit, ...subject(server), ...conducting]
    : ["resume", run.id, "--json", "--quiet", ...conducting];
}

function start(args: readonly string[], home: string): ChildProcess {
  const env = { ...process.env, ASSAY_HOME: home, OPENAI_COMPATIBLE_API_KEY: "k" };
  return spawn(process.execPath, [join(root, "bin/assay.js"), ...args], { env, stdio: ["ignore", "ignore", "pipe"] });
}

/** Kills a process after a time. @returns whether it was still alive */
async function killAfter(child: ChildProcess, ms: number): Promise<boolean> {
  const timer = setTimeout(() => child.kill("SIGKILL"), ms);
  const signal = await ended(child);
  clearTimeout(timer);
  return signal === "SIGKILL";
}

async function finished(child: ChildProcess): Promise<false> {
  let said = "";
  child.stderr!.on("data", (text) => {
    said += String(text);
  });
  await ended(child);
  if (child.exitCode !== 0) throw new Error(`assay ended with ${child.exitCode}: ${said}`);
  return false;
}

const ended = (child: ChildProcess): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => child.once("close", (_code, signal) => resolve(signal)));

function inStore<T>(home: string, look: (store: Store) => T): T | undefined {
  if (!existsSync(join(home, "store.sqlite"))) return undefined;
  // Opened for writing as `resume` does: a log left by the killed process is taken up here already.
  using store = new Store(home);
  return look(store);
}

const hashesIn = (home: string): string[] =>
  inStore(home, (store) => listRuns(store).flatMap(({ resultHash }) => resultHash ?? [])) ?? [];

/** The requests whose answers are committed: the server's answer is "answer <key>". */
function committedKeys(home: string): string[] {
  const keys = inStore(home, (store) =>
    listRuns(store).flatMap(({ id }) => [...openRun(store, id).answers()].map(({ text }) => text?.split(" ")[1] ?? "")),
  );
  return keys ?? [];
}
