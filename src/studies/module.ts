import type { Json } from "#base";
import type { Report } from "#report";
import type { Run, Study } from "#runs";

/** Answers that were produced elsewhere, as a file. */
export interface AnswerFile {
  readonly name: string;
  readonly text: string;
}

/** A file's scores: each metric with its denominator, and each answer's own. */
export interface ScoredFile {
  /** Scorer, variant and version: equal signatures, comparable values. */
  readonly signature: string;
  readonly metrics: Readonly<Record<string, { readonly value: number; readonly n: number }>>;
  /** How many answers were null. */
  readonly empty: number;
  /** One entry an answer, in the file's order: its scores, and what was read in it; null for a null answer. */
  readonly perSample: readonly (Readonly<Record<string, Json>> | null)[];
}

/** Everything that a study's folder offers the command line. */
export interface StudyModule {
  readonly study: Study;
  /** Turns what a run stored into tables, figures and samples. */
  readonly report: (run: Run, options: ReportOptions) => Promise<Report>;
  /** Scores answers that were produced elsewhere. */
  readonly scoreFile?: (
    file: AnswerFile,
    assignments: Readonly<Record<string, string>>,
  ) => ScoredFile | Promise<ScoredFile>;
}

/** How much a report shows. */
export interface ReportOptions {
  /** Whether pictures are drawn into it; tables and figures need none. */
  readonly pictures: boolean;
}
