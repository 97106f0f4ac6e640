import type { Claim, Json, PublishedTable, Sample, Scorer, Subject } from "#base";
import type { Run } from "./run.ts";
import type { SettingsOf, SettingsTable } from "./settings.ts";

/** The publication that a study repeats. */
export interface Paper {
  readonly title: string;
  readonly authors: string;
  readonly venue: string;
  readonly link: string;
  /** The paper's main claim in one sentence. */
  readonly claim: string;
}

/** What a study is handed when it is conducted. */
export interface Lab<Settings> {
  readonly settings: Settings;
  readonly subjects: readonly Subject[];
  readonly run: Run;
  /** The first N positives and N negatives of each setting; absent for all. */
  readonly limit?: number;
  readonly signal: AbortSignal;
  /**
   * Asks every sample that the run does not hold yet and commits each scored answer before it counts.
   * `total` only feeds the progress line.
   */
  ask<Truth extends Json>(subject: Subject, questions: AskedSamples<Truth>): Promise<void>;
  /** A subject that is not examined, such as a judge, by the name that a setting gives. @throws UsageError for a name that nobody knows or a key that is missing */
  resolve(name: string): Promise<Subject>;
}

/** Samples to ask, one at a time, and how their answers are judged. */
export interface AskedSamples<Truth extends Json> {
  readonly samples: Iterable<Sample<Truth>> | AsyncIterable<Sample<Truth>>;
  readonly score: Scorer<Truth>;
  readonly total?: number;
}

/** What a run would cost, before it is started. */
export interface Plan {
  readonly samples: number;
  readonly calls: number;
  readonly images: number;
  /** Of all images as they are sent, before base64. */
  readonly imageBytes: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** How the estimates were made, one line each. */
  readonly notes: readonly string[];
}

/** What decides the samples of a run. */
export interface PlanRequest<Settings> {
  readonly settings: Settings;
  readonly seed: number;
  readonly limit?: number;
  /** Who would be examined, by name, where that is known. */
  readonly subjects?: readonly string[];
}

/** A paper's experiment. One folder, one function that reads like its method section. */
export interface Study<Table extends SettingsTable = SettingsTable> {
  readonly id: string;
  readonly paper: Paper;
  /** What it asks, in plain words. */
  readonly question: string;
  readonly settings: Table;
  readonly claims: readonly Claim[];
  readonly published: readonly PublishedTable[];
  /** What it needs, with time and memory on two cores. */
  readonly needs: { readonly subject: string; readonly mini: string; readonly paper: string };
  /** Subjects of the miniature, when the user names none. */
  readonly miniatureSubjects: readonly string[];
  /** @throws UsageError for a subject that cannot do what is asked of it, before there is a run */
  accept?(subject: Subject): void;
  /** Hashes of everything it reads; enters the run's identity. @throws when the data is missing or broken */
  identify(request: PlanRequest<SettingsOf<Table>>): Promise<Json>;
  plan(request: PlanRequest<SettingsOf<Table>>): Promise<Plan>;
  conduct(lab: Lab<SettingsOf<Table>>): Promise<void>;
}

/** Declares a study; the type of its settings flows into its functions. */
export function defineStudy<const Table extends SettingsTable>(study: Study<Table>): Study<Table> {
  return study;
}
