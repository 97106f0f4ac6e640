import { type Command, Option } from "commander";
import { type Preset, presets } from "#runs";
import { collect, collectAssignment, positiveNumber, wholeNumber } from "./assignments.ts";

/** How a run is carried out: none of it changes what is measured, so all of it may differ when the run is resumed. */
export interface ConductFlags {
  readonly maxConcurrency?: number;
  readonly budget?: number;
  readonly budgetTokens?: number;
  /** A file of prices that stand before the lab's own. */
  readonly prices?: string;
  /** False after `--no-cache`. */
  readonly cache: boolean;
  readonly durable?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly envFile?: readonly string[];
}

/** What is measured: frozen into the run. */
export interface StudyFlags {
  readonly model?: readonly string[];
  readonly preset: Preset;
  readonly set?: Readonly<Record<string, string>>;
  readonly limit?: number;
  readonly seed: number;
}

/** Adds the options that `run`, `resume` and `tour` share. */
export function addConductOptions(command: Command): Command {
  return command
    .addOption(
      new Option("-j, --max-concurrency <n>", "never more requests in flight")
        .argParser(wholeNumber("--max-concurrency", 1))
        .env("ASSAY_MAX_CONCURRENCY"),
    )
    .addOption(
      new Option("--budget <usd>", "stop before more than this is spent")
        .argParser(positiveNumber("--budget"))
        .env("ASSAY_BUDGET"),
    )
    .addOption(
      new Option("--budget-tokens <n>", "stop before more tokens than this are used")
        .argParser(wholeNumber("--budget-tokens", 1))
        .env("ASSAY_BUDGET_TOKENS"),
    )
    .addOption(new Option("--prices <file>", "prices that stand before the lab's own").env("ASSAY_PRICES"))
    .option("--no-cache", "ask again what earlier runs have asked")
    .option("--durable", "survive a power cut, not only a killed process; slower")
    .option("--env-file <file>", "read keys from this file too; repeat for more", collect)
    .option("--quiet", "no progress")
    .option("--json", "print a JSON document");
}

/** Adds the options that decide what is measured. */
export function addStudyOptions(command: Command): Command {
  return command
    .option("-m, --model <subject>", "what is examined; repeat for more", collect)
    .addOption(new Option("--preset <preset>", "how much of the paper").choices(presets).default("mini"))
    .option("--set <name=value>", "one setting of the study; repeat for more", collectAssignment)
    .option("--limit <n>", "the first N positives and N negatives of each setting", wholeNumber("--limit", 1))
    .option("--seed <n>", "seed of every random stream", wholeNumber("--seed"), 0);
}
