/**
 * Kills `assay run`, `assay resume` and `assay report` at instants drawn inside every phase, and looks at what is left:
 * in the store, in the report's folder, and in the log of the server that was asked.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RandomStream, sha256, stream } from "#base";
import { type Calendar, drawInstant, type Phase, phases } from "./instants.ts";
import { finished, killAt, type LoggingServer, startAssay, startLoggingServer } from "./processes.ts";
import { type Remains, remainsOf } from "./remains.ts";

const concurrency = 8;
/** As many positives as negatives: few enough for a second, enough that every phase takes time. */
const questions = 48;
const study =
  `mmneedle --preset tiny --set pictures=1 --set side=2 --set needles=1 --set samples=${questions / 2}`.split(" ");
const troubles = "429-ms=0.04,429-seconds=0.02,slow=0.04,500=0.01,disconnect=0.01,truncated=0.01";
const conducting = ["--no-cache", "-j", String(concurrency), "--json", "--quiet"];

/** Where a kill struck, read from what the process had asked and what it left. */
export type Struck = "before it asked" | "while it asked" | "after the last answer" | "after the end" | "in the report";

/** What so many kills did. */
export interface KillReport {
  /** Kills that met a living process. */
  readonly kills: number;
  readonly struck: Readonly<Partial<Record<Struck, number>>>;
  /** Result hashes of the interrupted runs, and of one that nobody killed. */
  readonly hashes: readonly string[];
  readonly uninterrupted: string;
  /** Answers that were asked for again although the store had them when the process was killed. */
  readonly askedAgain: number;
  /** The most requests that one kill left without a committed answer. */
  readonly mostLost: number;
  /** Report files that a kill left incomplete under their own name. */
  readonly halfReports: number;
}

/** Kills processes until `kills` of them were alive, finishing every run that was begun. */
export async function killTrials({ kills, seed }: { kills: number; seed: number }): Promise<KillReport> {
  await using server = await startLoggingServer(troubles);
  const calm = await calmRun(server);
  const trial = new Trial({ server, calm, random: stream(seed, "kill-instants"), wanted: kills });
  while (trial.isOpen) await trial.oneRun();
  return trial.report();
}

interface Calm {
  readonly hash: string;
  readonly report: string;
  readonly calendar: Calendar;
  readonly reportMs: number;
}

const subject = ({ url }: LoggingServer): string[] => ["-m", `openai-compatible/needle@${url}/v1`];
const runWords = (server: LoggingServer): string[] => ["run", ...study, ...subject(server), ...conducting];
const reportWords = (home: string): string[] => ["report", "latest", "-o", join(home, "out", "report.html")];
const scratch = (): string => mkdtempSync(join(tmpdir(), "assay-kill-"));

/** A run that nobody kills: its hash, its report, and how long its phases take. */
async function calmRun(server: LoggingServer): Promise<Calm> {
  const home = scratch();
  const began = performance.now();
  const since = (): number => performance.now() - began;
  const times = { firstRequest: 0, lastAnswer: 0 };
  const watch = setInterval(() => {
    const lines = server.log.lines();
    if (lines.length > 0) times.firstRequest ||= since();
    if (server.log.answeredSince(0) >= questions) times.lastAnswer ||= since();
  }, 2);
  await finished(startAssay(runWords(server), home));
  clearInterval(watch);
  const calendar = { ...times, end: since() };
  const reportBegan = performance.now();
  await finished(startAssay(reportWords(home), home));
  const calm = { hash: remainsOf(home).hash!, report: reportIn(home)!, calendar };
  const reportMs = performance.now() - reportBegan;
  rmSync(home, { recursive: true });
  return { ...calm, reportMs };
}

/** The report's hash, without what differs between two runs of the same identity: the start, and its data's checksum. */
function reportIn(home: string): string | undefined {
  const file = readdirSync(join(home, "out")).find((name) => name === "report.html");
  if (file === undefined) return undefined;
  const page = readFileSync(join(home, "out", file), "utf8");
  const checksum = /data-sha256="([0-9a-f]{64})"/.exec(page)?.[1] ?? "none";
  return sha256(page.replaceAll(checksum, "CHECKSUM").replaceAll(/20\d\d-\d\d-\d\d[T ][\d:.]+Z?/g, "TIME"));
}

interface TrialOptions {
  readonly server: LoggingServer;
  readonly calm: Calm;
  readonly random: RandomStream;
  readonly wanted: number;
}

class Trial {
  readonly #options: TrialOptions;
  readonly #struck: Partial<Record<Struck, number>> = {};
  readonly #hashes: string[] = [];
  #kills = 0;
  #askedAgain = 0;
  #mostLost = 0;
  #halfReports = 0;

  constructor(options: TrialOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#kills < this.#options.wanted;
  }

  report(): KillReport {
    return {
      kills: this.#kills,
      struck: this.#struck,
      hashes: this.#hashes,
      uninterrupted: this.#options.calm.hash,
      askedAgain: this.#askedAgain,
      mostLost: this.#mostLost,
      halfReports: this.#halfReports,
    };
  }

  /** One run, killed again and again until it has come to its end, and then its report. */
  async oneRun(): Promise<void> {
    const home = scratch();
    const { log } = this.#options.server;
    const firstRequest = log.asked().length;
    let remains = remainsOf(home);
    while (remains.hash === null) {
      const before = log.asked().length;
      const wasKilled = await this.#conduct(home, remains);
      const known = new Set(remains.committed);
      this.#askedAgain += log
        .asked()
        .slice(before)
        .filter((key) => known.has(key)).length;
      remains = remainsOf(home);
      if (!wasKilled) continue;
      const committed = new Set(remains.committed);
      const lost = new Set(
        log
          .asked()
          .slice(firstRequest)
          .filter((key) => !committed.has(key)),
      );
      this.#count(struckAt(remains, log.asked().length - before));
      this.#mostLost = Math.max(this.#mostLost, lost.size);
    }
    this.#hashes.push(remains.hash);
    await this.#drawReport(home);
    rmSync(home, { recursive: true });
  }

  /** `run` while there is no run in the store, `resume` afterwards. @returns whether it was killed */
  async #conduct(home: string, { run, committed }: Remains): Promise<boolean> {
    const { server, random, calm } = this.#options;
    const child = startAssay(run === undefined ? runWords(server) : ["resume", run, ...conducting], home);
    const left = questions - committed.length;
    const phase = this.#phase();
    if (phase !== undefined) {
      const instant = drawInstant(phase, { random, calendar: calm.calendar, left });
      return killAt(child, instant, server.log);
    }
    await finished(child);
    return false;
  }

  /** Phases in turn; none once all kills are done, so that the last run can finish. */
  #phase(): Exclude<Phase, "reporting"> | undefined {
    const aims = phases.filter((phase) => phase !== "reporting");
    return this.isOpen ? aims[this.#options.random.int(aims.length)] : undefined;
  }

  /** Draws the report, killed once before it may finish. */
  async #drawReport(home: string): Promise<void> {
    const { server, random, calm } = this.#options;
    if (this.isOpen) {
      const child = startAssay(reportWords(home), home);
      const thenMs = (0.4 + 0.6 * random.next()) * calm.reportMs;
      if (await killAt(child, { thenMs }, server.log)) this.#count("in the report");
      this.#checkReport(home);
    }
    await finished(startAssay(reportWords(home), home));
    this.#checkReport(home);
  }

  /** Whole or not there; a stray draft bears another name. */
  #checkReport(home: string): void {
    const found = reportFile(home) ? reportIn(home) : undefined;
    if (found !== undefined && found !== this.#options.calm.report) this.#halfReports++;
  }

  #count(where: Struck): void {
    this.#kills++;
    this.#struck[where] = (this.#struck[where] ?? 0) + 1;
  }
}

function reportFile(home: string): boolean {
  try {
    return readdirSync(join(home, "out")).includes("report.html");
  } catch {
    return false;
  }
}

function struckAt({ committed, hash }: Remains, requests: number): Struck {
  if (hash !== null) return "after the end";
  if (committed.length === questions) return "after the last answer";
  return requests === 0 ? "before it asked" : "while it asked";
}
