import type { Command } from "commander";
import { loadStudy, studyIds } from "#studies";
import { type Desk, printJson } from "../desk.ts";

/** `assay studies`: what can be run, what each asks and what it needs. */
export function addStudies(program: Command, desk: Desk): void {
  program
    .command("studies")
    .description("list the studies: what each asks, what it needs, time and memory")
    .option("--json", "print a JSON document")
    .action(async ({ json }: { json?: boolean }) => {
      const modules = await Promise.all(studyIds.map(loadStudy));
      const studies = modules.map(({ study: { id, paper, question, needs } }) => ({ id, paper, question, needs }));
      if (json) return printJson(desk, "studies", { studies });
      for (const { id, paper, question, needs } of studies) {
        desk.print(`${id}\n  ${question}\n  ${paper.title} (${paper.venue})`);
        desk.print(`  needs   ${needs.subject}\n  mini    ${needs.mini}\n  paper   ${needs.paper}`);
      }
    });
}
