import type { Command } from "commander";
import { listRuns } from "#runs";
import { assayCommand } from "../assay-command.ts";
import { type Desk, printJson, printTable } from "../desk.ts";
import { existingStore } from "../existing-store.ts";

/** `assay runs`: what was run, newest first. */
export function addRuns(program: Command, desk: Desk): void {
  program
    .command("runs")
    .description("list the runs of this store, newest first")
    .option("--json", "print a JSON document")
    .action(({ json }: { json?: boolean }) => {
      using store = existingStore(desk);
      const runs = store === undefined ? [] : listRuns(store);
      if (json) return printJson(desk, "runs", { runs });
      if (runs.length === 0) return desk.tell(`No runs yet; start with: ${assayCommand(desk.env)} tour`);
      const rows = runs.map((run) => [
        run.id,
        run.status,
        run.preset,
        run.subjects.join(" "),
        run.createdAt.slice(0, 16),
      ]);
      printTable(desk, [["run", "status", "preset", "subjects", "started"], ...rows]);
    });
}
