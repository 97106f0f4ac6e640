import { reportText } from "#report";
import type { Run } from "#runs";
import type { StudyModule } from "#studies";
import { assayCommand } from "./assay-command.ts";
import { type Desk, printJson } from "./desk.ts";
import type { DocumentOf } from "./documents/index.ts";

/** What a finished run found, for programs and for people. */
export interface RunResult {
  readonly document: DocumentOf<"run">;
  readonly text: string;
}

/** Reads what a run found while its store is open. */
export async function resultOf({ report }: StudyModule, run: Run, { columns: width }: Desk): Promise<RunResult> {
  const drawn = await report(run, { pictures: false });
  const document = {
    run: run.id,
    study: run.manifest.study,
    claims: run.verdicts(),
    tables: drawn.tables,
    records: run.records(),
  };
  return { document, text: reportText(drawn, { width }) };
}

/** Prints verdicts and tables for people, or the whole as JSON. */
export function printResult({ document, text }: RunResult, { desk, json }: { desk: Desk; json: boolean }): void {
  if (json) printJson(desk, "run", document);
  else desk.print(text);
  desk.tell(
    `\nSee every sample behind these numbers:  ${assayCommand(desk.env)} report ${document.run} -o report.html`,
  );
}
