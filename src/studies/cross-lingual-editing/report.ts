import type { MeasuredRecord } from "#base";
import type { Report } from "#report";
import { type Run, thawSettings } from "#runs";
import type { ReportOptions } from "../module.ts";
import { reportOpening, subjectKinds } from "../reported.ts";
import { openFacts, seedsOf } from "./data.ts";
import { errorClasses } from "./error-classes.ts";
import { matrixFigures, predictorFigures, worldFigures } from "./figures.ts";
import { recordsWith } from "./find.ts";
import { matrixTables } from "./matrix-tables.ts";
import { paperModels } from "./paper-models.ts";
import { sampleGroups } from "./samples.ts";
import type { Settings } from "./settings.ts";
import study from "./study.ts";
import { errorTable, mergeTable, predictorTable, strataTable, summaryTables, worldTable } from "./summary-tables.ts";

/** Everything that a run of the study shows. */
export async function report(run: Run, { pictures }: ReportOptions): Promise<Report> {
  const settings = thawSettings(study.settings, run.manifest.settings) as Settings;
  const records = run.records();
  const rows = { records, kinds: subjectKinds(run) };
  const drawn = new Map(seedsOf(settings.seeds, run.manifest.seed).map((seed) => [seed, openFacts(settings, seed)]));
  const facts = drawn.get(run.manifest.seed)!;
  const groups = pictures ? sampleGroups(run, drawn) : [];
  const ids = new Set(groups.map(({ id }) => id));
  return {
    title: "Editing across languages",
    ...reportOpening(run, study),
    tables: [
      ...matrixTables(rows),
      ...summaryTables(rows),
      ...strataTable(rows),
      ...errorTable(rows),
      ...predictorTable(rows),
      ...mergeTable(rows),
      ...worldTable(rows),
    ],
    figures: pictures ? [...matrixFigures(records, ids), ...predictorFigures(records), ...worldFigures(records)] : [],
    groups,
    remarks: remarksOf(records, { settings, notes: facts.notes }),
  };
}

function remarksOf(
  records: readonly MeasuredRecord[],
  { settings, notes }: { readonly settings: Settings; readonly notes: readonly string[] },
): string[] {
  return [
    "The paper's body and tables were not at hand: what is tested is the direction of its abstract's claims, and every choice below is the lab's.",
    "Token accuracy gives partial credit, most of it where a script is cut into many tokens; read the written answers beside it. Never average locality with reliability: where nothing arrives, nothing breaks.",
    `Answers count in the language of the test; "own name or the edit's" also takes the name of the edit's language. C: ${covarianceText(settings)}.`,
    ...exclusionRemarks(records),
    `Classes of failures, each case has one: ${Object.entries(errorClasses)
      .map(([name, meaning]) => `${name} (${meaning})`)
      .join("; ")}.`,
    ...notes.map((note) => `${note[0]!.toUpperCase()}${note.slice(1)}.`),
    `The paper edits ${paperModels.map(({ name }) => name).join(", ")}; none of them was edited here unless it is named above.`,
  ];
}

const covarianceText = ({ covariance, source }: Settings): string =>
  ({
    identity: "the identity, no statistics",
    english: `estimated from English ${source} text`,
    mixed: `estimated from ${source} text in all languages`,
  })[covariance];

/** Everything that was left out, counted; one line that says so where nothing was. */
function exclusionRemarks(records: readonly MeasuredRecord[]): string[] {
  const found = recordsWith(records, "excluded");
  if (found.length === 0) return ["Left out: nothing; every fact could be edited and asked in every language."];
  const reasons = Map.groupBy(
    found,
    ({ setting }) => `${setting.arm === "data" ? "data" : setting.editor}: ${setting.reason}`,
  );
  const counts = [...reasons].map(([reason, own]) => `${reason}, ${own.reduce((sum, { value }) => sum + value!, 0)}`);
  return [`Left out: ${counts.join("; ")}.`];
}
