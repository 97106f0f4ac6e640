import type { Command } from "commander";
import { UsageError } from "#base";
import { type ContinuationScore, score } from "#models";
import { collect } from "../../assignments.ts";
import { type Desk, printJson, printTable } from "../../desk.ts";
import { addOpenOptions, type OpenFlags, openModel } from "./open.ts";

interface ScoreFlags extends OpenFlags {
  readonly prompt: string;
  readonly continuation?: readonly string[];
}

/** `assay model score MODEL`: how likely continuations of a prompt are. */
export function addModelScore(program: Command, desk: Desk): void {
  addOpenOptions(program.command("score"))
    .requiredOption("--prompt <text>", "what is given")
    .option("--continuation <text>", "what is judged; repeat for more", collect)
    .description("the log-probability of continuations, token by token")
    .action(async (place: string, flags: ScoreFlags) => {
      const { prompt, continuation: continuations = [] } = flags;
      if (continuations.length === 0) {
        throw new UsageError("CONTINUATION_MISSING", "score: Expected at least one --continuation, got none");
      }
      using model = await openModel(place, flags, desk);
      const scores = await score(
        model,
        continuations.map((continuation) => ({ prompt, continuation })),
      );
      const [first] = scores;
      if (flags.json) printJson(desk, "model score", scores.length === 1 ? first! : { scores });
      else for (const [at, one] of scores.entries()) printScore(continuations[at]!, one, desk);
    });
}

function printScore(continuation: string, { logProb, tokens, join }: ContinuationScore, desk: Desk): void {
  desk.print(`${JSON.stringify(continuation)}  log p = ${logProb.toFixed(4)}  (${join})`);
  const rows = tokens.map(({ token, id, logProb: own, isLikeliest }) => [
    ...[JSON.stringify(token), String(id), own.toFixed(4), isLikeliest ? "likeliest" : ""],
  ]);
  printTable(desk, [["token", "id", "log p", "rank"], ...rows]);
}
