import { join } from "node:path";
import type { Command } from "commander";
import { studyIds } from "#studies";
import { type Desk, printJson } from "../desk.ts";
import { writeReport } from "../report-file.ts";
import { printResult, type RunResult } from "../result.ts";
import { addConductOptions, type ConductFlags } from "../run-options.ts";
import { startStudy } from "../start.ts";

/** `assay tour`: every study on its miniature, and one report of each. */
export function addTour(program: Command, desk: Desk): void {
  const command = program
    .command("tour")
    .description("run every study on its built-in miniature, offline, and write its report")
    .option("-o, --output <folder>", "where the reports go", "assay-tour");
  addConductOptions(command).action(async (flags: TourFlags) => {
    const results: RunResult[] = [];
    for (const id of studyIds) results.push(await visit(id, flags, desk));
    if (!flags.json) return;
    const reports = studyIds.map((id) => reportFile(id, flags));
    printJson(desk, "tour", { results: results.map(({ document }) => document), reports });
  });
}

type TourFlags = ConductFlags & { readonly output: string };

const reportFile = (id: string, { output }: TourFlags): string => join(output, `${id}.html`);

async function visit(id: string, flags: TourFlags, desk: Desk): Promise<RunResult> {
  desk.tell(`${id}: the miniature`);
  const result = await startStudy(id, { ...flags, preset: "mini", seed: 0 }, desk);
  if (!flags.json) printResult(result, { desk, json: false });
  await writeReport(result.document.run, { file: reportFile(id, flags), desk });
  return result;
}
