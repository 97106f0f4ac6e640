import type { AskProgress } from "#evals";
import type { RunEvent } from "#runs";
import type { Desk } from "./desk.ts";
import { createStatusLine } from "./status-line.ts";

/** What a run shows of itself while it works; on stderr, so that stdout stays data. */
export interface ProgressLine {
  readonly event: (event: RunEvent) => void;
  begin(subject: string): void;
  readonly update: (progress: AskProgress) => void;
  readonly notice: (text: string) => void;
  end(): void;
}

/** Between two plain lines where there is no terminal to redraw. */
const plainEveryMs = 5000;

/** A line that is redrawn on a terminal, and one every few seconds in a log. */
export function createProgressLine(
  desk: Desk,
  { quiet, now = Date.now }: { quiet: boolean; now?: () => number },
): ProgressLine {
  const line = createStatusLine(desk, { everyMs: plainEveryMs, now });
  const began = now();
  let subject = "";
  let start: { at: number; done: number } | undefined;
  const steps = { done: 0, cached: 0, ahead: 0 };
  const say = (text: string): void => {
    if (!quiet) line.say(text);
  };
  return {
    event: (event) => {
      if (event.type === "note") return say(event.text);
      if (event.type === "steps-ahead") steps.ahead += event.count;
      else if (event.type === "step-end") {
        steps.done++;
        if (event.cached) steps.cached++;
      } else if (!quiet && !event.cached)
        line.show(describeStep(event.step, { ...steps, seconds: (now() - began) / 1000 }));
    },
    begin: (name) => {
      [subject, start] = [name, undefined];
    },
    update: (progress) => {
      if (quiet) return;
      start ??= { at: now(), done: progress.done };
      line.show(`${subject}  ${describe(progress, { seconds: (now() - start.at) / 1000, before: start.done })}`);
    },
    notice: say,
    end: line.end,
  };
}

interface Stepping {
  readonly done: number;
  /** Of these, what an earlier session stored. */
  readonly cached: number;
  /** How many steps the study foresees; 0 when it has not said. */
  readonly ahead: number;
  /** Of this session. */
  readonly seconds: number;
}

/** "step 12/40  1m 10s  about 3m 2s left  mini:atlas: rome, en"; without the total where the study foresees none. */
function describeStep(step: string, { done, cached, ahead, seconds }: Stepping): string {
  const place = ahead > done ? `step ${done + 1}/${ahead}` : `step ${done + 1}`;
  const own = done - cached;
  const left = ahead > done && own > 0 ? ((ahead - done) * seconds) / own : 0;
  return [
    place,
    ...(seconds < 1 ? [] : [readableDuration(seconds)]),
    ...(left < 1 ? [] : [`about ${readableDuration(left)} left`]),
    step,
  ].join("  ");
}

/** "120/400  30 %  8 in flight  2 retries  $0.12  1m 10s left" */
export function describe(progress: AskProgress, { seconds, before }: { seconds: number; before: number }): string {
  const { done, total, inFlight, retries, costUsd } = progress;
  const rate = seconds > 0 ? (done - before) / seconds : 0;
  const left = total === undefined || rate === 0 ? undefined : (total - done) / rate;
  return [
    total === undefined ? `${done}` : `${done}/${total}  ${Math.floor((100 * done) / Math.max(1, total))} %`,
    `${inFlight} in flight`,
    ...(retries > 0 ? [`${retries} retries`] : []),
    ...(costUsd !== undefined && costUsd > 0 ? [`$${costUsd.toFixed(2)}`] : []),
    ...(left === undefined ? [] : [`${readableDuration(left)} left`]),
  ].join("  ");
}

/** 75 → "1m 15s". */
export function readableDuration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${whole % 60}s`;
  return `${Math.floor(whole / 3600)}h ${Math.floor((whole % 3600) / 60)}m`;
}
