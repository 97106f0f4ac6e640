import { type Command, Option } from "commander";
import { writeTable } from "#formats";
import { openRun, type Run } from "#runs";
import { type Desk, printJson } from "../desk.ts";

const formats = ["jsonl", "csv", "parquet"] as const;

interface ExportFlags {
  readonly output: string;
  readonly format: (typeof formats)[number];
  readonly records?: boolean;
  readonly json?: boolean;
}

/** `assay export <run>`: every answer with its scores, or every record, as a table for other tools. */
export function addExport(program: Command, desk: Desk): void {
  program
    .command("export")
    .argument("<run>", "its id, the beginning of it, or `latest`")
    .requiredOption("-o, --output <file>", "the file to write")
    .addOption(new Option("--format <format>", "how it is written").choices(formats).default("jsonl"))
    .option("--records", "the measured records instead of the answers")
    .option("--json", "print a JSON document")
    .description("write a run's answers or records as JSONL, CSV or Parquet")
    .action(async (id: string, { output, format, records, json }: ExportFlags) => {
      using store = desk.openStore({ readOnly: true });
      const run = openRun(store, id);
      const rows = await writeTable(output, records ? recordRows(run) : answerRows(run), { format });
      if (json) printJson(desk, "export", { file: output, rows });
      else desk.tell(`${rows} rows in ${output}`);
    });
}

type Row = Record<string, string | number | boolean | null>;

/** Scores become columns `score.<metric>`. */
function* answerRows(run: Run): Generator<Row> {
  for (const { truth, text, score, ...rest } of run.answers()) {
    const scores = Object.entries(score).map(([metric, value]) => [`score.${metric}`, value]);
    yield { ...rest, truth: JSON.stringify(truth), answer: text, ...Object.fromEntries(scores) };
  }
}

function* recordRows(run: Run): Generator<Row> {
  for (const { subject, setting, metric, value, n, interval } of run.records()) {
    yield { subject, ...setting, metric, value, n, low: interval?.low ?? null, high: interval?.high ?? null };
  }
}
