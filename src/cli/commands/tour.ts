import type { Command } from "commander";
import { studyIds } from "#studies";
import type { Desk } from "../desk.ts";
import { writeReport } from "../report-file.ts";
import { addConductOptions, type ConductFlags } from "../run-options.ts";
import { startStudy } from "../start.ts";

/** `assay tour`: every study on its miniature, and one report of each. */
export function addTour(program: Command, desk: Desk): void {
  const command = program
    .command("tour")
    .description("run every study on its built-in miniature, offline, and write its report")
    .option("-o, --output <folder>", "where the reports go", "assay-tour");
  addConductOptions(command).action(async (flags: ConductFlags & { output: string }) => {
    for (const id of studyIds) {
      desk.tell(`${id}: the miniature`);
      const run = await startStudy(id, { ...flags, preset: "mini", seed: 0 }, desk);
      await writeReport(run, { file: `${flags.output}/${id}.html`, desk });
    }
  });
}
