/** Learning rates over time: plain functions of the number of finished steps, to be composed. */
import { AssayError } from "#base";

/** The learning rate of the step that comes after `step` finished ones. */
export type Schedule = (step: number) => number;

/** One rate for ever. */
export const constantRate =
  (rate: number): Schedule =>
  () =>
    rate;

/** From one rate to another. */
export interface RampOptions {
  readonly from: number;
  readonly to: number;
  /** How long the way is; afterwards the rate stays at `to`. */
  readonly steps: number;
}

/**
 * A straight line.
 *
 *     η(t) = from + (to − from) · min(t / steps, 1)
 *
 * @throws AssayError OPTION_RANGE
 */
export function linearRate({ from, to, steps }: RampOptions): Schedule {
  expectSteps("linearRate", steps);
  return (step) => from + (to - from) * Math.min(step / steps, 1);
}

/**
 * Half a cosine.
 *
 *     η(t) = to + (from − to) · (1 + cos(π min(t / steps, 1))) / 2
 *
 * Source   Loshchilov & Hutter 2017, SGDR (arXiv:1608.03983), eq. 5, without restarts
 *
 * @throws AssayError OPTION_RANGE
 */
export function cosineRate({ from, to, steps }: RampOptions): Schedule {
  expectSteps("cosineRate", steps);
  return (step) => to + ((from - to) * (1 + Math.cos(Math.PI * Math.min(step / steps, 1)))) / 2;
}

/**
 * Rises to the schedule's first rate in `steps` steps, of which the first is above zero, then follows the schedule from its start.
 *
 *     η(t) = η₀ · (t + 1) / steps  while t < steps,  then schedule(t − steps)
 *
 * @throws AssayError OPTION_RANGE
 */
export function warmUp(steps: number, schedule: Schedule): Schedule {
  expectSteps("warmUp", steps);
  return (step) => (step < steps ? (schedule(0) * (step + 1)) / steps : schedule(step - steps));
}

/** A schedule and for how many steps it holds. */
export interface Phase {
  readonly steps: number;
  readonly schedule: Schedule;
}

/** One schedule after another, each from its own start; the last one goes on. @throws AssayError OPTION_RANGE */
export function sequenceRate(phases: readonly Phase[]): Schedule {
  for (const { steps } of phases) expectSteps("sequenceRate", steps);
  const last = phases.at(-1);
  if (last === undefined) {
    throw new AssayError("OPTION_RANGE", "sequenceRate: Expected at least one phase, got none");
  }
  return (step) => {
    let start = 0;
    for (const phase of phases) {
      if (step < start + phase.steps || phase === last) return phase.schedule(step - start);
      start += phase.steps;
    }
    return last.schedule(step - start);
  };
}

function expectSteps(who: string, steps: number): void {
  if (Number.isInteger(steps) && steps > 0) return;
  throw new AssayError("OPTION_RANGE", `${who}: Expected a whole number of steps above zero, got ${steps}`);
}
