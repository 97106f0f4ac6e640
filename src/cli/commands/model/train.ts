import type { Command } from "commander";
import { findMiniature, type MiniatureResult, miniatures } from "#recipes";
import { alignedTable } from "#report";
import { wholeNumber } from "../../assignments.ts";
import { type Desk, printJson } from "../../desk.ts";
import { Exit, exitCodes } from "../../exit.ts";
import { listenForInterruption } from "../../interruption.ts";
import { createTrainingLine } from "./training-line.ts";

interface TrainFlags {
  readonly output: string;
  readonly seed: number;
  readonly steps?: number;
  readonly threads?: number;
  readonly limit?: number;
  readonly checkpoints?: string;
  readonly json?: boolean;
}

/** `assay model train mini:atlas -o FOLDER`: makes one of the lab's own small models again. */
export function addTrain(program: Command, desk: Desk): void {
  program
    .command("train")
    .argument("<miniature>", Object.keys(miniatures).join(", "))
    .requiredOption("-o, --output <folder>", "the folder of the model and its log")
    .option("--seed <n>", "seed of weights and order", wholeNumber("--seed"), 0)
    .option("--steps <n>", "steps instead of the recipe's own", wholeNumber("--steps", 1))
    .option("--threads <n>", "threads that compute", wholeNumber("--threads", 1))
    .option("--limit <n>", "only so many facts or files, for trying it out", wholeNumber("--limit", 1))
    .option("--checkpoints <folder>", "where it goes on from when it was interrupted; in the lab's home if left out")
    .option("--json", "print a JSON document")
    .description("train a miniature by its recipe; started again, it goes on where it was interrupted")
    .action(async (name: string, { output, json, ...flags }: TrainFlags) => {
      const miniature = findMiniature(name);
      using interruption = listenForInterruption(desk);
      const line = createTrainingLine(desk);
      const { signal } = interruption;
      const result = await miniature.train({ ...flags, output, signal, onEvent: line.event });
      line.end();
      if (result.status === "stopped") {
        desk.tell("Stopped; the same command goes on from here");
        throw new Exit(exitCodes.interrupted);
      }
      if (json) printJson(desk, "model train", { miniature: miniature.name, ...result });
      else printAims(result, desk);
    });
}

function printAims({ folder, aims }: MiniatureResult, desk: Desk): void {
  const rows = aims.map(({ name, value, direction, target, met }) => [
    ...[name, value.toFixed(4), `${direction} ${target}`],
    met ? "met" : "missed",
  ]);
  desk.print(alignedTable(["aim", "reached", "target", ""], rows));
  desk.tell(`Written to ${folder}`);
}
