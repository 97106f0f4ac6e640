import type { MiniatureEvent } from "#recipes";
import type { Desk } from "../../desk.ts";
import { readableDuration } from "../../progress-line.ts";
import { createStatusLine } from "../../status-line.ts";

/** What a training shows of itself; on stderr, so that stdout stays data. */
export interface TrainingLine extends Disposable {
  readonly event: (event: MiniatureEvent) => void;
  end(): void;
}

/** Between two plain lines where there is no terminal to redraw. */
const plainEveryMs = 15_000;

/** A line that is redrawn on a terminal, and one every few seconds in a log. */
export function createTrainingLine(desk: Desk, { now = Date.now }: { readonly now?: () => number } = {}): TrainingLine {
  const line = createStatusLine(desk, { everyMs: plainEveryMs, now });
  return {
    event: (event) => {
      if (event.type === "step-end") return line.show(describeStep(event));
      const notice = describeOther(event);
      if (notice !== undefined) line.say(notice);
    },
    end: line.end,
    [Symbol.dispose]: line.end,
  };
}

/** "step 120/3200  4 %  loss 1.2345  14m 3s left" */
export function describeStep(event: Extract<MiniatureEvent, { type: "step-end" }>): string {
  const { step, steps, loss, secondsLeft } = event;
  const left = secondsLeft === null ? [] : [`${readableDuration(secondsLeft)} left`];
  return [`step ${step}/${steps}`, `${Math.floor((100 * step) / steps)} %`, `loss ${loss.toFixed(4)}`, ...left].join(
    "  ",
  );
}

function describeOther(event: MiniatureEvent): string | undefined {
  if (event.type === "stage-start") return event.stage;
  if (event.type === "training-start") {
    return event.resumedFrom === null ? `${event.steps} steps` : `going on from step ${event.step}/${event.steps}`;
  }
  if (event.type !== "evaluation-end") return undefined;
  const metrics = Object.entries(event.metrics).map(([name, value]) => `${name} ${value.toFixed(4)}`);
  return `after step ${event.step}  ${metrics.join("  ")}`;
}
