import type { Certainty, Json, Verdict } from "#base";
import type { ComparedTable } from "./table.ts";

/** What a report shows, as data: records in, pictures out. It knows no study and no store. */
export interface Report {
  readonly title: string;
  readonly paper: { readonly title: string; readonly authors: string; readonly venue: string; readonly link: string };
  /** What the study asks, in plain words. */
  readonly question: string;
  readonly run: ReportedRun;
  /** Verdicts on the same claim stand together; a claim's statement and place are the same in each. */
  readonly verdicts: readonly ReportedVerdict[];
  readonly tables: readonly ComparedTable[];
  readonly figures: readonly Figure[];
  /** Whether figures stand before verdicts and tables: where a run is looked at rather than read. */
  readonly opensWithFigures?: boolean;
  readonly groups: readonly SampleGroup[];
  /** Remarks that a reader needs to judge the numbers: deviations, what was left out, what could not be tested. */
  readonly remarks: readonly string[];
}

/** A verdict with what its claim says and where it stands in the paper. */
export interface ReportedVerdict extends Verdict {
  /** In our words. */
  readonly statement: string;
  /** Section, table or figure. */
  readonly place: string;
  /** How sure the lab is of the published statement. */
  readonly certainty?: Certainty;
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
  /** As a figure function of this room drew it: it enters the page as it is. */
  readonly svg: string;
}

/** The samples behind a number, some of them shown. */
export interface SampleGroup {
  /** What `MeasuredRecord.group` and `groupLink()` name: cells of tables and figures link to it. */
  readonly id: string;
  readonly title: string;
  /** How many there are; more than are shown, when the report would grow too large. */
  readonly total: number;
  /** Several subjects' answers to one question (same id, prompt and truth) are shown as one sample. */
  readonly samples: readonly ShownSample[];
  /** The metric that calls an answer right (1) or wrong (0); where it does not apply, the first one that does. */
  readonly decides?: string;
  /** True where prompts hold code, whose indentation means something. */
  readonly isCode?: boolean;
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
  /** `image/jpeg`, `image/png`, `image/webp`, `image/avif` or `image/gif`; others are named and not shown. */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  /** Places in the picture: where the truth lies, where the answer pointed. */
  readonly marks?: readonly PictureMark[];
}

/** A box over a picture, in fractions of its width and height from its top left corner. */
export interface PictureMark {
  readonly kind: "truth" | "answer";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Whose answer it is, when several are shown. */
  readonly label?: string;
}
