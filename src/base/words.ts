/**
 * The words of the lab, as types, on one page.
 *
 * A study asks questions of a subject; a scorer judges each answer; the study boils scores down to records;
 * claims judge records; a report draws them beside the published tables.
 */
import type { Json } from "./json.ts";

// ----- Questions and answers

/** Words in a turn. */
export interface TextPart {
  readonly type: "text";
  readonly text: string;
}

/** A picture that is rendered only when a subject really looks at it. */
export interface ImagePart {
  readonly type: "image";
  readonly mediaType: "image/jpeg" | "image/png" | "image/webp";
  /** Hash of everything that decides its pixels: sources, layout, kernel, encoder. */
  readonly key: string;
  load(): Promise<Uint8Array>;
}

/** One piece of a turn. */
export type Part = TextPart | ImagePart;

/** Sampling parameters; what is absent stays at the provider's default. */
export interface Sampling {
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly seed?: number;
  readonly stop?: readonly string[];
  readonly logProbs?: boolean;
  /** With log-probabilities: how many of the likeliest tokens are told at each place. */
  readonly alternatives?: number;
}

/** One user turn: parts in the order in which they are sent. */
export interface Question {
  /** What the subject is told before the turn; most studies tell it nothing. */
  readonly system?: string;
  readonly parts: readonly Part[];
  readonly sampling: Sampling;
  /** What each control subject answers here, by its name: `oracle`, `random`, `absent` … */
  readonly controls?: Readonly<Record<string, () => string>>;
}

/** How likely the subject found a token of its own answer. */
export interface TokenLogProb {
  readonly token: string;
  /** Natural logarithm of the token's probability. */
  readonly logProb: number;
  /** The likeliest tokens at its place, itself perhaps among them, where they were asked for and told. */
  readonly alternatives?: readonly { readonly token: string; readonly logProb: number }[];
}

/** Why an answer ended: by itself, at the token limit, refused, failed, or for a reason of the provider's own. */
export type FinishReason = "stop" | "length" | "refusal" | "error" | "other";

/** What a subject gave back to one question. */
export interface Answer {
  /** Null when nothing came: refused, filtered, or failed for good. */
  readonly text: string | null;
  readonly finishReason: FinishReason;
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number };
  readonly latencyMs: number;
  /** The provider's own response, without secrets. */
  readonly raw: Json;
  readonly logProbs?: readonly TokenLogProb[];
  readonly error?: { readonly kind: ErrorKind; readonly message: string };
}

/** `transient` may pass, `quota` passes after a wait or never, `refusal` is an answer, `permanent` never passes. */
export type ErrorKind = "transient" | "quota" | "refusal" | "permanent";

/** What is examined. */
export interface Subject {
  /** As the user names it: `openai/gpt-4o`, `./folder`, `baseline:oracle`. */
  readonly name: string;
  /** `control` answers without looking; `retrieval` looks but is no language model. */
  readonly kind: "api" | "open" | "retrieval" | "control";
  /** Everything that decides its answers and is known beforehand; enters the run's identity, never holds a secret. */
  readonly identity: Json;
  /** `text` for one that sees no pictures; absent where nobody knows beforehand. */
  readonly reads?: "text";
  ask(question: Question, options: { readonly signal?: AbortSignal }): Promise<Answer>;
}

// ----- Samples and scores

/** One question of a study, with what a scorer needs to judge the answer. */
export interface Sample<Truth extends Json = Json> {
  /** Unique within the study: `M1-N2-K1/0042`. */
  readonly id: string;
  /** The setting it belongs to; records point to groups of samples. */
  readonly group: string;
  /** 0 for the first time, 1 for the first repetition … */
  readonly repeat: number;
  readonly question: Question;
  readonly truth: Truth;
}

/** Metric name → 1, 0 or a fraction; null where the metric does not apply to this sample. */
export type Score = Readonly<Record<string, number | null>>;

/** Judges one answer. Pure: the same answer and truth give the same score. */
export type Scorer<Truth extends Json = Json> = (response: string | null, truth: Truth) => Score;

// ----- Records

/** The range a measured number may lie in, and how it was computed. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** 0.95 for a 95 % interval. */
  readonly level: number;
  readonly method: string;
}

/** What must be equal before a measured row may stand in a published table. Hashes, or short names of a profile. */
export interface Comparability {
  readonly data: string;
  readonly prompt: string;
  readonly split: string;
  readonly scorer: string;
  readonly settings: string;
}

/** One measured number. */
export interface MeasuredRecord {
  readonly subject: string;
  /** The cell it belongs to: `{ pictures: 1, side: 2, needles: 1, split: "positive" }`. */
  readonly setting: Readonly<Record<string, string | number | boolean>>;
  readonly metric: string;
  /** In the unit that the metric's header names; null when nothing could be measured. */
  readonly value: number | null;
  /** The denominator. */
  readonly n: number;
  readonly interval?: Interval;
  /** The group of samples behind the number. */
  readonly group?: string;
  readonly comparability?: Comparability;
}

// ----- Claims

/** How sure the lab is of a published number or statement; `ours` is a hypothesis that no paper states. */
export type Certainty = "read in the paper" | "recomputed" | "second hand" | "from memory" | "ours";
/** What a run says about a claim. */
export type VerdictStatus = "holds" | "fails" | "undecided" | "not testable here";

/** The judgement of one claim, for one subject where subjects differ. */
export interface Verdict {
  readonly claim: string;
  readonly subject?: string;
  readonly status: VerdictStatus;
  /** One sentence with the numbers that decided. */
  readonly evidence: string;
  readonly n?: number;
  readonly seeds?: number;
  readonly interval?: Interval;
  /** For `undecided`: the sample size that would decide. */
  readonly needed?: number;
  /** For `not testable here`: what is missing. */
  readonly missing?: readonly string[];
}

/** A testable statement of the paper, its test fixed before anything is measured. */
export interface Claim {
  readonly id: string;
  /** In our words. */
  readonly statement: string;
  /** Section, table or figure. */
  readonly place: string;
  readonly certainty: Certainty;
  readonly test: { readonly statistic: string; readonly direction: string; readonly margin: string };
  /** What a run must have measured. */
  readonly needs: readonly string[];
  judge(records: readonly MeasuredRecord[]): readonly Verdict[];
}

/** A published table as data; the only source of published numbers in the product. */
export interface PublishedTable {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly certainty: Certainty;
  readonly unit: string;
  readonly columns: readonly PublishedColumn[];
  readonly rows: readonly { readonly subject: string; readonly cells: readonly (number | null)[] }[];
}

/** One column: which measured records may stand in it, and what they must share with the paper to do so. */
export interface PublishedColumn {
  readonly label: string;
  readonly metric: string;
  readonly setting: MeasuredRecord["setting"];
  readonly requires: Comparability;
}
