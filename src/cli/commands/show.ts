import type { Command } from "commander";
import type { MeasuredRecord } from "#base";
import { alignedTable } from "#report/terminal";
import { groupCounts, openRun, summaryOf } from "#runs";
import { type Desk, printJson } from "../desk.ts";
import { verdictLine } from "../verdicts.ts";

/** `assay show <run>`: verdicts, records and how far the run came. */
export function addShow(program: Command, desk: Desk): void {
  program
    .command("show")
    .argument("<run>", "its id, the beginning of it, or `latest`")
    .description("show a run: its verdicts and everything it measured")
    .option("--json", "print a JSON document")
    .action((id: string, { json }: { json?: boolean }) => {
      using store = desk.openStore({ readOnly: true });
      const run = openRun(store, id);
      const summary = summaryOf(store, run.id);
      const groups = groupCounts(run);
      if (json) {
        return printJson(desk, "show", {
          run: summary,
          manifest: run.manifest,
          groups,
          claims: run.verdicts(),
          records: run.records(),
        });
      }
      const answered = groups.reduce((sum, group) => sum + group.answered, 0);
      desk.print(`${run.id}  ${summary.status}  ${answered} answers  started ${summary.createdAt}`);
      if (summary.note !== null) desk.print(`  ${summary.note}`);
      desk.print(`  result ${summary.resultHash ?? "none yet"}`);
      for (const verdict of run.verdicts()) desk.print(`  ${verdict.claim}: ${verdictLine(verdict)}`);
      printRecords(run.records(), desk);
    });
}

function printRecords(records: readonly MeasuredRecord[], desk: Desk): void {
  if (records.length === 0) return;
  desk.print("");
  desk.print(alignedTable(["subject", "setting", "metric", "value", "interval", "n"], records.map(recordRow)));
}

/** A record as cells; the interval's level and method stand in `--json`. */
export function recordRow({ subject, setting, metric, value, interval, n }: MeasuredRecord): string[] {
  const where = Object.entries(setting)
    .map(([name, at]) => `${name}=${at}`)
    .join(" ");
  const range = interval === undefined ? "" : `[${interval.low.toFixed(2)}, ${interval.high.toFixed(2)}]`;
  return [subject, where, metric, value === null ? "–" : value.toFixed(2), range, String(n)];
}
