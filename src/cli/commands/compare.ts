import type { Command } from "commander";
import { UsageError } from "#base";
import {
  type Comparison,
  compareRecords,
  compareRuns,
  hasAnswers,
  openRun,
  type RecordComparison,
  type Run,
  type Side,
} from "#runs";
import { collect, positiveNumber } from "../assignments.ts";
import { type Desk, printJson, printTable } from "../desk.ts";
import { Exit, exitCodes } from "../exit.ts";

interface CompareFlags {
  readonly subject?: string;
  readonly with?: string;
  readonly metric?: readonly string[];
  readonly alpha: number;
  readonly failIfLower?: boolean;
  readonly json?: boolean;
}

/** `assay compare <run> <run>`: two subjects on the same samples, corrected for many comparisons. */
export function addCompare(program: Command, desk: Desk): void {
  program
    .command("compare")
    .argument("<first>", "a run")
    .argument("<second>", "another run, or the same one to compare two of its subjects")
    .option("--subject <name>", "whose answers of the first run, when it has several")
    .option("--with <name>", "whose answers of the second run, when it has several")
    .option("--metric <name>", "only this metric; repeat for more", collect)
    .option("--alpha <rate>", "error rate over all rows together", positiveNumber("--alpha"), 0.05)
    .option("--fail-if-lower", "exit with 100 where the second is lower, for a gate in CI; name the metrics")
    .option("--json", "print a JSON document")
    .description("compare two runs sample by sample: differences, intervals, corrected p-values, samples still needed")
    .action((first: string, second: string, flags: CompareFlags) => {
      using store = desk.openStore({ readOnly: true });
      const sides = [
        sideOf(openRun(store, first), { option: "--subject", wanted: flags.subject }),
        sideOf(openRun(store, second), { option: "--with", wanted: flags.with }),
      ] as const;
      const records = sides.some(hasAnswers) ? [] : compareRecords(...sides, flags.metric);
      const rows =
        records.length > 0
          ? []
          : compareRuns(...sides, { alpha: flags.alpha, ...(flags.metric && { metrics: flags.metric }) });
      print({ sides, rows, records, flags }, desk);
      const isLower = rows.some(({ decision }) => decision === "first is higher");
      if (flags.failIfLower && isLower) throw new Exit(exitCodes.thresholdMissed);
    });
}

interface Compared {
  readonly sides: readonly [Side, Side];
  readonly rows: readonly Comparison[];
  readonly records: readonly RecordComparison[];
  readonly flags: CompareFlags;
}

function print({ sides, rows, records, flags: { json, alpha } }: Compared, desk: Desk): void {
  const [first, second] = sides.map(({ run, subject }) => ({ run: run.id, subject })) as [NamedSide, NamedSide];
  if (json) printJson(desk, "compare", { first, second, alpha, rows, records });
  else printRows({ first, second, rows, records }, desk);
}

type NamedSide = { readonly run: string; readonly subject: string };

interface Named {
  readonly first: NamedSide;
  readonly second: NamedSide;
  readonly rows: readonly Comparison[];
  readonly records: readonly RecordComparison[];
}

function printRows({ first, second, rows, records }: Named, desk: Desk): void {
  desk.print(`first   ${first.subject} (${first.run})\nsecond  ${second.subject} (${second.run})\n`);
  if (records.length > 0) {
    const header = ["setting", "metric", "first", "second", "difference"];
    printTable(desk, [header, ...records.map(recordCells)], { names: 2 });
    return;
  }
  const header = ["group", "metric", "n", "first", "second", "difference", "p", "Holm p", ""];
  printTable(desk, [header, ...rows.map(cells)], { names: 2 });
}

function recordCells({ setting, metric, first, second, difference }: RecordComparison): string[] {
  const cell = Object.entries(setting).map(([name, value]) => `${name}=${value}`);
  return [cell.join(" "), metric, ...[first, second, difference].map((number) => number.toFixed(4))];
}

function sideOf(run: Run, { option, wanted }: { option: string; wanted: string | undefined }): Side {
  const names = run.manifest.subjects.map(({ name }) => name);
  const subject = wanted ?? (names.length === 1 ? names[0] : undefined);
  if (subject !== undefined && names.includes(subject)) return { run, subject };
  throw new UsageError(
    "SUBJECT_AMBIGUOUS",
    `compare: Expected ${option} to name a subject of ${run.id}, got ${subject ?? "nothing"}; it has ${names.join(", ")}`,
  );
}

function cells(row: Comparison): string[] {
  const { low, high } = row.interval;
  const more = row.moreNeeded === null ? "no difference seen" : `needs ${row.moreNeeded} more samples`;
  return [
    ...[row.group, row.metric, String(row.n), row.first.toFixed(4), row.second.toFixed(4)],
    `${row.difference.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`,
    ...[row.pValue.toPrecision(3), row.adjustedPValue.toPrecision(3)],
    row.decision === "undecided" ? `undecided: ${more}` : row.decision,
  ];
}
