import type { Command } from "commander";
import type { MeasuredRecord } from "#base";
import { visibleLine, wrapped } from "#report/terminal";
import { groupCounts, openRun, summaryOf } from "#runs";
import { type Desk, printJson, printTable } from "../desk.ts";
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
      const lines = [
        ...(summary.note === null ? [] : [summary.note]),
        `result ${summary.resultHash ?? "none yet"}`,
        ...run.verdicts().map((verdict) => `${verdict.claim}: ${verdictLine(verdict)}`),
      ];
      for (const line of lines) desk.print(wrapped(line, { width: desk.columns, indent: "  ", hanging: "    " }));
      printRecords(run.records(), desk);
    });
}

function printRecords(records: readonly MeasuredRecord[], desk: Desk): void {
  if (records.length === 0) return;
  const header = ["setting", "metric", "value", "interval", "n"];
  for (const [subject, own] of Map.groupBy(records, (record) => record.subject)) {
    desk.print(`\n${visibleLine(subject)}`);
    printTable(desk, [header, ...own.map(recordRow)], { names: 2 });
  }
}

/** A record as cells; the interval's level and method stand in `--json`. */
export function recordRow({ setting, metric, value, interval, n }: MeasuredRecord): string[] {
  const where = Object.entries(setting)
    .map(([name, at]) => `${name}=${at}`)
    .join(" ");
  const range = interval === undefined ? "" : `[${interval.low.toFixed(2)}, ${interval.high.toFixed(2)}]`;
  return [where, metric, value === null ? "–" : value.toFixed(2), range, String(n)];
}
