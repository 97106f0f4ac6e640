/**
 * What every task of the arena is made of: `task = data + prompt + scorer`, and what is measured afterwards.
 *
 * A task knows its paper section and nothing of stores, hubs or other tasks; `data.ts` brings both together.
 */
import type { Comparability, Json, MeasuredRecord, PublishedTable, Question, Scorer } from "#base";
import type { TableRow } from "#formats";
import type { Figure } from "#report";
import type { AnsweredSample, Run } from "#runs";
import type { Repository } from "./repository.ts";
import type { Settings } from "./settings.ts";
import type { TaskId } from "./task-ids.ts";
import type { Window } from "./window.ts";

/** One thing to be solved. */
export interface Item {
  /** Unique within the task. */
  readonly id: string;
  /** `owner__name` */
  readonly repository: string;
}

/** Where the authors publish a task's data. */
export interface OfficialData {
  /** A data set of the hub. */
  readonly dataSet: string;
  /** Words that a file's path holds when it is one of the settings' sets; all files without any. */
  readonly files: (settings: Settings) => readonly string[];
  /** Every column that is read. */
  readonly columns: readonly string[];
  /** How many rows the paper counts, by which official data is told from a part of it. */
  readonly rows: (settings: Settings) => number;
}

/** What decides which items are made and how they are asked. */
export interface Making {
  readonly settings: Settings;
  readonly seed: number;
}

/** Items, and what a person must know about them: what was left out, what stands in for what. */
export interface Built<One extends Item> {
  readonly items: readonly One[];
  readonly notes: readonly string[];
}

/** How one item is asked. */
export interface Asking extends Making {
  /** A way to make the item's context, of those that `variants` names. */
  readonly variant: string;
  /** What the subject takes, and how texts are cut to it. */
  readonly window: Window;
  /** 0 for the first time. */
  readonly repeat: number;
  /** The control that is asked, so that no other is computed. */
  readonly control?: string;
}

/** A question and what its answer is judged by. */
export interface Asked<Truth extends Json> {
  readonly question: Question;
  readonly truth: Truth;
  /** What was cut from the prompt, for the report; empty where nothing was. */
  readonly cut: readonly string[];
}

/** What is measured once every answer to one variant is stored. */
export interface Measuring<One extends Item, Truth extends Json> extends Making {
  readonly run: Run;
  readonly subject: string;
  readonly variant: string;
  /** The group of the samples: `library-codegen/bm25`. */
  readonly group: string;
  readonly answers: readonly AnsweredSample<Truth>[];
  readonly itemOf: (answer: AnsweredSample<Truth>) => One;
  /** What the numbers were measured on; goes into every record. */
  readonly comparability: Comparability;
  readonly signal: AbortSignal;
}

/** One of the six tasks. */
export interface TaskDefinition<One extends Item, Truth extends Json> {
  readonly id: TaskId;
  readonly title: string;
  /** Section of the paper. */
  readonly place: string;
  /** `continuation`: a text that any model can go on with; `chat`: an instruction, for models with a chat template. */
  readonly form: "chat" | "continuation";
  /** Controls that need no model, by their names after `baseline:`. */
  readonly baselines: readonly string[];
  readonly official: OfficialData;
  /** One or more items of an official row. @throws AssayError DATA_INVALID */
  readonly read: (row: TableRow, making: Making & { readonly index: number }) => readonly One[];
  /** Adds to official items what their rows leave out: files of a repository, say. */
  readonly complete?: (items: readonly One[], making: Making) => Promise<Built<One>>;
  /** Items by the paper's rules from a repository's own history. */
  readonly build: (repository: Repository, making: Making) => Promise<Built<One>>;
  /** Every item is asked once for each: a way to make its context. */
  readonly variants: (settings: Settings) => readonly string[];
  readonly repeats?: (settings: Settings) => number;
  readonly ask: (item: One, asking: Asking) => Promise<Asked<Truth>>;
  /** Loads what judges an answer. `missing`, `unparsed` and `refused` are 1 for an answer that failed by them. */
  readonly scorer: (items: readonly One[], making: Making) => Promise<Scorer<Truth>>;
  /** Names the variant of every metric. */
  readonly signature: (settings: Settings) => string;
  /** Settings that decide what a subject sees and may answer. */
  readonly decisive: readonly (keyof Settings)[];
  /** What of an item decides its question and its truth; all of it when absent. */
  readonly identify?: (item: One) => Json;
  readonly measure: (measuring: Measuring<One, Truth>) => Promise<MeasuredRecord[]>;
  /** What steps of the run found out about an answer once it was stored: a build that ran. */
  readonly foundLater?: (answer: AnsweredSample<Truth>, steps: ReadonlyMap<string, Json>) => FoundLater | undefined;
  /** An item with what the run's steps found out about it: a report computes nothing anew, least of all a build. */
  readonly withFound?: (item: One, steps: ReadonlyMap<string, Json>) => One;
  /** What steps of the run say that a reader must know. */
  readonly remarks?: (steps: ReadonlyMap<string, Json>) => readonly string[];
  /** The metric that calls an answer right in the report. */
  readonly decides: string;
  /** The truth as a person reads it. */
  readonly showTruth: (truth: Truth) => string;
  readonly published: readonly PublishedTable[];
  /** Tables of everything that was measured. */
  readonly views: readonly TableView[];
  readonly figures?: (shown: Showing) => Promise<Figure[]>;
}

/** What joins an answer in the report. */
export interface FoundLater {
  /** Before the scores that came at once; null where nothing may be said about the answer. */
  readonly score: Readonly<Record<string, number>> | null;
  /** For people, below the answer. */
  readonly told: string;
}

/** A table beyond the paper's: some metrics, by variant and by one more part of the setting. */
export interface TableView {
  readonly title: string;
  readonly unit: string;
  readonly metrics: readonly string[];
  /** The part of the setting whose values stand beside each other: `lineClass`. */
  readonly along?: string;
  /** The part of the setting that has a table for each value, and what it is called in titles. */
  readonly facet?: { readonly setting: string; readonly called: string };
  /** Only records that agree with it. */
  readonly within?: MeasuredRecord["setting"];
}

/** What figures are drawn from. */
export interface Showing {
  readonly run: Run;
  readonly records: readonly MeasuredRecord[];
  readonly settings: Settings;
}

/** Declares a task; its own items and truths are nobody else's concern. */
export const defineTask = <One extends Item, Truth extends Json>(task: TaskDefinition<One, Truth>): Task =>
  task as unknown as Task;

/** A task whose items are not looked into. */
export type Task = TaskDefinition<Item, Json>;
