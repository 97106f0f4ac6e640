import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { AssayError, UsageError } from "#base";
import { loadStudy, type ScoredFile } from "#studies";
import { collectAssignment } from "../assignments.ts";
import { type Desk, printJson, printTable } from "../desk.ts";

interface ScoreFlags {
  readonly json?: boolean;
  readonly perSample?: boolean;
  readonly set?: Readonly<Record<string, string>>;
}

/** `assay score <study> FILE…`: scores answers that were produced elsewhere. */
export function addScore(program: Command, desk: Desk): void {
  program
    .command("score")
    .argument("<study>", "one of `assay studies`")
    .argument("<file...>", "answers, in the study's own format or as JSONL")
    .option("--set <name=value>", "one setting of the study; repeat for more", collectAssignment)
    .option("--per-sample", "with --json: each answer's own scores too")
    .option("--json", "print a JSON document")
    .description("score answers that were produced elsewhere")
    .action(async (id: string, files: string[], flags: ScoreFlags) => {
      const { scoreFile } = await loadStudy(id);
      if (scoreFile === undefined) {
        throw new UsageError(
          "NO_SCORER",
          `${id}: Expected a study that scores files, this one needs the model itself; use assay run`,
        );
      }
      const scored: (ScoredFile & { readonly file: string })[] = [];
      for (const file of files) {
        scored.push({ file, ...(await scoreFile({ name: file, text: readText(file) }, flags.set ?? {})) });
      }
      if (flags.json) return printScores(scored, { desk, perSample: flags.perSample === true });
      for (const { file, signature, metrics, empty } of scored) {
        desk.print(`${file}  ${signature}${empty > 0 ? `  ${empty} null answers` : ""}`);
        const rows = Object.entries(metrics).map(([name, { value, n }]) => [name, value.toFixed(2), String(n)]);
        printTable(desk, [["metric", "value", "n"], ...rows]);
      }
    });
}

/** One file prints its own object, several print a list: `{ files: [{ file, … }] }`. */
function printScores(
  scored: readonly (ScoredFile & { readonly file: string })[],
  { desk, perSample }: { desk: Desk; perSample: boolean },
): void {
  const documents = scored.map(({ perSample: each, ...rest }) => (perSample ? { ...rest, perSample: each } : rest));
  const [first, ...others] = documents;
  const { file: _, ...alone } = first!;
  printJson(desk, "score", others.length === 0 ? alone : { files: documents });
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new AssayError(
      "FILE_UNREADABLE",
      `${file}: Expected a file of answers, could not read it (${(error as Error).message})`,
      {
        cause: error,
      },
    );
  }
}
