import type { Json, Verdict } from "#base";
import type { ComparedTable } from "./table.ts";

/** What a report shows, as data: records in, pictures out. It knows no study and no store. */
export interface Report {
  readonly title: string;
  readonly paper: { readonly title: string; readonly authors: string; readonly venue: string; readonly link: string };
  /** What the study asks, in plain words. */
  readonly question: string;
  readonly run: ReportedRun;
  readonly verdicts: readonly (Verdict & { readonly statement: string; readonly place: string })[];
  readonly tables: readonly ComparedTable[];
  readonly figures: readonly Figure[];
  readonly groups: readonly SampleGroup[];
  /** Remarks that a reader needs to judge the numbers: deviations, what was left out, what could not be tested. */
  readonly remarks: readonly string[];
}

/** The run behind the report. */
export interface ReportedRun {
  readonly id: string;
  readonly createdAt: string;
  readonly preset: string;
  readonly seed: number;
  readonly resultHash: string | null;
  readonly subjects: readonly { readonly name: string; readonly kind: string }[];
  readonly settings: Json;
  /** Everything else that identifies it: data, code. */
  readonly hashes: Readonly<Record<string, Json>>;
}

/** A picture of records, as SVG. */
export interface Figure {
  /** Anchor within the report. */
  readonly id: string;
  readonly title: string;
  /** What is drawn, in which unit, from how many samples. */
  readonly caption: string;
  readonly svg: string;
}

/** The samples behind a number, some of them shown. */
export interface SampleGroup {
  /** Anchor within the report: cells of tables and figures link to it. */
  readonly id: string;
  readonly title: string;
  /** How many there are; more than are shown, when the report would grow too large. */
  readonly total: number;
  readonly samples: readonly ShownSample[];
}

/** One sample: what was asked, what came, how it was judged. */
export interface ShownSample {
  readonly id: string;
  readonly subject: string;
  readonly prompt: string;
  readonly pictures: readonly ShownPicture[];
  readonly truth: string;
  /** Null when nothing came. */
  readonly answer: string | null;
  readonly score: Readonly<Record<string, number | null>>;
}

/** A thumbnail inside the file. */
export interface ShownPicture {
  readonly title: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}
