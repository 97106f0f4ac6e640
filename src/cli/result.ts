import { reportText } from "#report";
import type { Run } from "#runs";
import type { StudyModule } from "#studies";
import { type Desk, printJson } from "./desk.ts";

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
  // A pipe or a file gets whole lines.
  const width = process.stdout.isTTY ? process.stdout.columns : undefined;
  desk.print(reportText(report, width === undefined ? {} : { width }));
  desk.tell(`\nSee every sample behind these numbers:  assay report ${run.id} -o report.html`);
}
