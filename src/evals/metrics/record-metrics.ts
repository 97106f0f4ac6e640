import { type CompScore, compScore, type Judgement } from "./comp-score.ts";
import {
  averagePrecision,
  type FileSet,
  type Localization,
  rankMetrics,
  rankSignature,
  setMetrics,
  setSignature,
} from "./localization.ts";
import type { MetricResult } from "./metric.ts";
import { type JobOutcome, type JobResult, passRates, passSignature } from "./pass-rate.ts";
import { describe, type Fail, isTexts, readLines } from "./read-lines.ts";

/** What a metric on records says: its one value, and all that it counted besides. */
export interface RecordMetricResult extends MetricResult {
  readonly details: object;
}

/** A metric on lines that are no pairs of texts. */
export interface RecordMetric {
  /** What a line holds, for people. */
  readonly line: string;
  /** Reads the lines of a file and measures them. @throws AssayError BAD_LINE naming file and line, NO_LINES */
  score(text: string, options: { readonly file: string }): RecordMetricResult;
}

/** Every metric on records, by the name that `assay metric` knows. */
export const recordMetrics = {
  localization: {
    line: '{"reference": [files changed], "candidate": [files, best first]}',
    score: (text, { file }) => scoreRankings(readLines(text, { file, read: readRanking })),
  },
  "localization-2025": {
    line: '{"reference": [files changed], "candidate": [files] or null, "candidates": [all files]}',
    score: (text, { file }) => scoreSets(readLines(text, { file, read: readSet })),
  },
  "pass-rate": {
    line: '{"outcome": "success", "failure", "waiting" or "invalid", "difficulty": number}',
    score: (text, { file }) => scoreJobs(readLines(text, { file, read: readJob })),
  },
  "comp-score": {
    line: '{"truthFirst": {"a", "b"}, "predictionFirst": {"a", "b"}}',
    score: (text, { file }) => scoreJudgements(readLines(text, { file, read: readJudgement })),
  },
} as const satisfies Record<string, RecordMetric>;

/** The name of a metric on records. */
export type RecordMetricName = keyof typeof recordMetrics;

/** The value is MAP, a sample's score its average precision. */
function scoreRankings(samples: readonly Localization[]): RecordMetricResult {
  const details = rankMetrics(samples);
  return {
    signature: rankSignature(),
    value: details.map,
    n: samples.length,
    perSample: samples.map(averagePrecision),
    details,
  };
}

/** The value is mean F1 with unread replies as failures. */
function scoreSets(samples: readonly FileSet[]): RecordMetricResult {
  const details = setMetrics(samples);
  const perSample = samples.map((sample) => setMetrics([sample]).all!.f1);
  return { signature: setSignature, value: details.all?.f1 ?? null, n: samples.length, perSample, details };
}

function scoreJobs(jobs: readonly JobResult[]): RecordMetricResult {
  const details = passRates(jobs);
  const perSample = jobs.map(({ outcome }) => Number(outcome === "success"));
  return { signature: passSignature, value: details.ofAll, n: jobs.length, perSample, details };
}

function scoreJudgements(judgements: readonly Judgement[]): RecordMetricResult {
  const { signature, value, n, perSample, ...details }: CompScore = compScore(judgements);
  return { signature, value, n, perSample, details };
}

type Line = Record<string, unknown>;

function readFiles(line: Line, name: string, fail: Fail): string[] {
  const files = line[name];
  return isTexts(files) ? files : fail(`Expected "${name}" to be a list of files, got ${describe(files)}`);
}

function readRanking(line: Line, fail: Fail): Localization {
  const truth = readFiles(line, "reference", fail);
  if (truth.length === 0) return fail('Expected "reference" to have at least one file, got an empty list');
  return { truth, ranked: readFiles(line, "candidate", fail) };
}

function readSet(line: Line, fail: Fail): FileSet {
  const predicted = line.candidate === null ? null : readFiles(line, "candidate", fail);
  return { truth: readFiles(line, "reference", fail), predicted, candidates: readFiles(line, "candidates", fail) };
}

const outcomes: readonly string[] = ["success", "failure", "waiting", "invalid"] satisfies JobOutcome[];

function readJob({ outcome, difficulty = 0, id = "" }: Line, fail: Fail): JobResult {
  if (typeof outcome !== "string" || !outcomes.includes(outcome)) {
    return fail(`Expected "outcome" to be one of ${outcomes.join(", ")}, got ${JSON.stringify(outcome) ?? "nothing"}`);
  }
  if (typeof difficulty !== "number") return fail(`Expected "difficulty" to be a number, got ${describe(difficulty)}`);
  return { id: String(id), outcome: outcome as JobOutcome, difficulty };
}

function readJudgement(line: Line, fail: Fail): Judgement {
  const read = (name: "truthFirst" | "predictionFirst") => {
    const { a, b } = Object(line[name]) as { a?: unknown; b?: unknown };
    if (Number.isFinite(a) && Number.isFinite(b)) return { a: a as number, b: b as number };
    return fail(`Expected "${name}" to be {"a", "b"} with two numbers, got ${JSON.stringify(line[name]) ?? "nothing"}`);
  };
  return { truthFirst: read("truthFirst"), predictionFirst: read("predictionFirst") };
}
