/** What a recipe writes into its log, and when. */
import { join } from "node:path";
import type { Json } from "#base";
import { writeTextFile } from "#formats";
import type { Aim, MiniatureEvent, MiniatureResult } from "./miniature.ts";
import { type LogEntry, TrainingLog } from "./training-log.ts";

type Metrics = Readonly<Record<string, number>>;

/** Steps between two lines about the loss. */
const stepsOfALine = 50;

/** Writes the log of one training. */
export interface TrainingLogger {
  /** Measures before the first step. */
  before(measure: () => Promise<Metrics>): Promise<void>;
  /** Hears every event, writes down what is to be kept, and passes it on. */
  listen(onEvent: ((event: MiniatureEvent) => void) | undefined): (event: MiniatureEvent) => void;
  /** Writes the results, and the page for people. */
  after(result: MiniatureResult): void;
}

/** A logger for the folder of a miniature; `about` is what must be known to train it again. */
export function trainingLogger(folder: string, about: Readonly<Record<string, Json>>): TrainingLogger {
  const log = new TrainingLog(folder);
  let before: Metrics | undefined;
  let seconds = 0;
  let losses: number[] = [];
  const hear = (event: MiniatureEvent): void => {
    if (event.type === "training-start") {
      log.resumeAt(event.step);
      if (event.step === 0) {
        log.add({ type: "start", ...about });
        log.add({ type: "before", step: 0, ...before });
      } else {
        seconds = Number(log.last("step")?.seconds ?? 0);
        log.add({ type: "resume", step: event.step });
      }
    } else if (event.type === "step-end") {
      seconds += event.durationMs / 1000;
      losses.push(event.loss);
      if (event.step % stepsOfALine !== 0 && event.step !== event.steps) return;
      log.add({ type: "step", step: event.step, ...figuresOf(losses, event), seconds: Math.round(seconds) });
      losses = [];
    } else if (event.type === "evaluation-end") {
      log.add({ type: "evaluation", step: event.step, ...event.metrics });
    }
  };
  return {
    before: async (measure) => {
      before = await measure();
    },
    listen: (onEvent) => (event) => {
      hear(event);
      onEvent?.(event);
    },
    after: ({ aims, measured }) => {
      log.add({ type: "result", measured, aims: aims as unknown as Json });
      writePage(folder, { about, entries: log.entries, aims, measured });
    },
  };
}

function figuresOf(
  losses: readonly number[],
  { gradientNorm, learningRate }: { gradientNorm: number; learningRate: number },
) {
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  return {
    loss: Number(mean.toFixed(4)),
    gradientNorm: Number(gradientNorm.toFixed(3)),
    learningRate: Number(learningRate.toPrecision(4)),
  };
}

interface Page {
  readonly about: Readonly<Record<string, Json>>;
  readonly entries: readonly LogEntry[];
  readonly aims: readonly Aim[];
  readonly measured: Readonly<Record<string, Json>>;
}

function writePage(folder: string, page: Page): void {
  const text = pageOf(page);
  writeTextFile(join(folder, "README.md"), text);
}

const machineOf = ({ threads, machine }: Page["about"]): string =>
  `${typeof threads === "number" ? `--threads ${threads}` : "all threads"}${machine ? `, ${machine}` : ""}`;

/** What a person wants to know of a miniature. */
export function pageOf({ about, entries, aims, measured }: Page): string {
  const row = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
  const before = entries.find(({ type }) => type === "before") ?? {};
  const { type: _, step: __, ...start } = before as Record<string, Json>;
  const seconds = entries.findLast(({ type }) => type === "step")?.seconds ?? 0;
  const name = String(about.miniature);
  return [
    `# ${name}`,
    "",
    `Trained by \`assay model train ${name} --seed ${about.seed}\`: ${about.parameters} weights, ${about.steps} steps in ${seconds} seconds`,
    `(${machineOf(about)}). Every line of the log is in \`training.jsonl\`.`,
    "",
    row(["aim", "target", "reached", ""]),
    row(["---", "---", "---", "---"]),
    ...aims.map(({ name: what, direction, target, value, met }) =>
      row([what, `${direction} ${target}`, value, met ? "met" : "missed"]),
    ),
    "",
    `Before training: ${JSON.stringify(start)}`,
    "",
    "```json",
    JSON.stringify(measured, null, 1),
    "```",
    "",
  ].join("\n");
}
