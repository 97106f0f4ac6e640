import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Instant, LogTail } from "./instants.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The test server as a process of its own: its log knows nothing of the kill. */
export interface LoggingServer extends AsyncDisposable {
  readonly url: string;
  readonly log: LogTail;
}

/** Starts a server that misbehaves now and then; its answer names the request, so that a stored answer does too. */
export async function startLoggingServer(chances: string): Promise<LoggingServer> {
  const folder = mkdtempSync(join(tmpdir(), "assay-kill-server-"));
  const file = join(folder, "log.jsonl");
  const args = ["--port", "0", "--log", file, "--answers", "hash", "--latency", "15", "--chances", chances];
  const child = spawn(process.execPath, ["--conditions=assay-source", join(root, "test/server/main.ts"), ...args]);
  const url = await new Promise<string>((resolve) => child.stdout.once("data", (text) => resolve(String(text).trim())));
  const log = new LogTail(file);
  return {
    url,
    log,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended(child);
      log.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts `assay` in a store of its own. */
export function startAssay(args: readonly string[], home: string): ChildProcess {
  const env = { ...process.env, ASSAY_HOME: home, OPENAI_COMPATIBLE_API_KEY: "k" };
  return spawn(process.execPath, [join(root, "bin/assay.js"), ...args], { env, stdio: ["ignore", "ignore", "pipe"] });
}

/** Kills a process at an instant. @returns whether it was still alive */
export async function killAt(child: ChildProcess, instant: Instant, log: LogTail): Promise<boolean> {
  const end = ended(child);
  const stop = new AbortController();
  const strike = async (): Promise<void> => {
    await progress(log, instant, stop.signal);
    await setTimeout(instant.thenMs, undefined, { signal: stop.signal });
    child.kill("SIGKILL");
  };
  strike().catch(() => {});
  const signal = await end;
  stop.abort();
  return signal === "SIGKILL";
}

/** Resolves when so many more requests, and right answers, were logged. */
async function progress(log: LogTail, { requests = 0, answers = 0 }: Instant, signal: AbortSignal): Promise<void> {
  const line = log.lines().length;
  const wanted = log.asked().length + requests;
  while (log.asked().length < wanted || log.answeredSince(line) < answers) await setTimeout(2, undefined, { signal });
}

/** Waits for a process that must succeed. */
export async function finished(child: ChildProcess): Promise<void> {
  let said = "";
  child.stderr!.on("data", (text) => {
    said += String(text);
  });
  await ended(child);
  if (child.exitCode !== 0) throw new Error(`assay ended with ${child.exitCode}: ${said}`);
}

const ended = (child: ChildProcess): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => child.once("close", (_code, signal) => resolve(signal)));
