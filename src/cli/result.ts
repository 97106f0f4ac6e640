import { reportText } from "#report";
import type { Run } from "#runs";
import type { StudyModule } from "#studies";
import { type Desk, printJson } from "./desk.ts";
import { verdictLine } from "./verdicts.ts";

/** Prints what a finished run found: verdicts and tables for people, or the whole as JSON. */
export async function printResult(
  module: StudyModule,
  run: Run,
  { desk, json }: { desk: Desk; json: boolean },
): Promise<void> {
  const report = await module.report(run, { pictures: false });
  if (json) {
    return printJson(desk, {
      run: run.id,
      study: run.manifest.study,
      claims: run.verdicts(),
      tables: report.tables,
      records: run.records(),
    });
  }
  desk.print(reportText(report));
  desk.print("");
  for (const verdict of run.verdicts()) desk.print(`${verdict.claim}: ${verdictLine(verdict)}`);
  desk.tell(`\nSee every sample behind these numbers:  assay report ${run.id} -o report.html`);
}
