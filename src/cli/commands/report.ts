import type { Command } from "commander";
import { type Desk, printJson } from "../desk.ts";
import { writeReport } from "../report-file.ts";

/** `assay report <run> -o FILE.html`: verdicts, tables, figures and samples in one file. */
export function addReport(program: Command, desk: Desk): void {
  program
    .command("report")
    .argument("<run>", "its id, the beginning of it, or `latest`")
    .requiredOption("-o, --output <file>", "the HTML file to write")
    .option("--json", "print a JSON document")
    .description("write a run's report as one self-contained HTML file")
    .action(async (id: string, { output, json }: { output: string; json?: boolean }) => {
      await writeReport(id, { file: output, desk });
      if (json) printJson(desk, "report", { report: output });
    });
}
