import type { Command } from "commander";
import { findMiniature, localRecipes, type MiniatureResult, miniatures } from "#recipes";
import { positiveNumber, wholeNumber } from "../../assignments.ts";
import { type Desk, printJson, printTable } from "../../desk.ts";
import { Exit, exitCodes } from "../../exit.ts";
import { listenForInterruption } from "../../interruption.ts";
import { type FinetuneFlags, finetuneAt, loraSettings } from "./finetune.ts";
import { byteCount } from "./open.ts";
import { createTrainingLine } from "./training-line.ts";

interface TrainFlags extends FinetuneFlags {
  readonly limit?: number;
}

/** `assay model train`: makes one of the lab's own small models again, or teaches any model more. */
export function addTrain(program: Command, desk: Desk): void {
  const command = program
    .command("train")
    .argument(
      "<model>",
      `${[...Object.keys(miniatures), ...Object.keys(localRecipes)].join(", ")}; with --data any model`,
    )
    .requiredOption("-o, --output <folder>", "the folder of the model and its log")
    .option("--seed <n>", "seed of weights and order", wholeNumber("--seed"), 0)
    .option("--steps <n>", "steps instead of the recipe's own", wholeNumber("--steps", 1))
    .option("--threads <n>", "threads that compute", wholeNumber("--threads", 1))
    .option("--limit <n>", "only so many facts or files, for trying it out", wholeNumber("--limit", 1))
    .option("--checkpoints <folder>", "where it goes on from when it was interrupted; in the lab's home if left out")
    .option("--json", "print a JSON document")
    .description(
      "train a miniature by its recipe, or a model on data; started again, it goes on where it was interrupted",
    )
    .action((name: string, flags: TrainFlags) =>
      flags.data === undefined ? trainMiniature(name, flags, desk) : finetuneAt(name, flags, desk),
    );
  addDataOptions(command);
}

function addDataOptions(command: Command): void {
  command
    .option("--data <file>", 'teach a model rows of {"text"}, {"prompt", "completion"} or {"messages"}')
    .option("--held-out <file>", "rows that are measured before and after, and never learned")
    .option("--lora <settings>", "train an adapter: rank=8,alpha=16,targets=attention.query+mlp.down", loraSettings)
    .option("--epochs <n>", "how often every row is seen; 1 if left out", positiveNumber("--epochs"))
    .option(
      "--learning-rate <r>",
      "the highest; 2e-4 for adapters, 2e-5 for weights",
      positiveNumber("--learning-rate"),
    )
    .option("--batch-size <n>", "rows at once; 8 if left out", wholeNumber("--batch-size", 1))
    .option("--accumulate <n>", "batches of a step; 1 if left out", wholeNumber("--accumulate", 1))
    .option("--length <n>", "tokens of a row", wholeNumber("--length", 2))
    .option("--memory <limit>", "what its weights may take; half of the machine's if left out: 20GB", byteCount);
}

async function trainMiniature(name: string, flags: TrainFlags, desk: Desk): Promise<void> {
  const { output, seed, steps, threads, limit, checkpoints, json } = flags;
  const miniature = findMiniature(name);
  using interruption = listenForInterruption(desk);
  using line = createTrainingLine(desk);
  const { signal } = interruption;
  const result = await miniature.train({
    output,
    seed,
    signal,
    onEvent: line.event,
    ...(steps === undefined ? {} : { steps }),
    ...(threads === undefined ? {} : { threads }),
    ...(limit === undefined ? {} : { limit }),
    ...(checkpoints === undefined ? {} : { checkpoints }),
  });
  line.end();
  if (result.status === "stopped") {
    desk.tell("Stopped; the same command goes on from here");
    throw new Exit(exitCodes.interrupted);
  }
  if (json) printJson(desk, "model train", { miniature: miniature.name, ...result });
  else printAims(result, desk);
}

function printAims({ folder, aims }: MiniatureResult, desk: Desk): void {
  const rows = aims.map(({ name, value, direction, target, met }) => [
    ...[name, value.toFixed(4), `${direction} ${target}`],
    met ? "met" : "missed",
  ]);
  printTable(desk, [["aim", "reached", "target", ""], ...rows]);
  desk.tell(`Written to ${folder}`);
}
