/** A smooth function and its gradient at x. */
export type Objective = (x: Float64Array) => { readonly value: number; readonly gradient: Float64Array };

/** When the search ends. */
export interface MinimizeOptions {
  readonly iterations: number;
  /** The largest entry of the gradient. */
  readonly tolerance: number;
}

const memory = 10;
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, at) => sum + value * b[at]!, 0);

/**
 * The minimum of a convex function, by limited-memory BFGS with a backtracking line search.
 *
 * Source   Nocedal & Wright 2006, Numerical Optimization, algorithms 7.4 and 7.5
 */
export function minimize(
  objective: Objective,
  start: Float64Array,
  { iterations, tolerance }: MinimizeOptions,
): Float64Array {
  let x = start;
  let here = objective(x);
  const steps: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  for (let round = 0; round < iterations; round++) {
    if (here.gradient.every((value) => Math.abs(value) < tolerance)) return x;
    const direction = twoLoops(here.gradient, steps);
    const next = descend(objective, { x, here, direction });
    if (next === undefined) return x;
    const s = next.x.map((value, at) => value - x[at]!);
    const y = next.there.gradient.map((value, at) => value - here.gradient[at]!);
    const curvature = dot(s, y);
    if (curvature > 1e-14) steps.push({ s, y, rho: 1 / curvature });
    if (steps.length > memory) steps.shift();
    [x, here] = [next.x, next.there];
  }
  return x;
}

/** −H g from the last steps. */
function twoLoops(
  gradient: Float64Array,
  steps: readonly { s: Float64Array; y: Float64Array; rho: number }[],
): Float64Array {
  const q = gradient.map((value) => -value);
  const shares: number[] = [];
  for (const { s, y, rho } of steps.toReversed()) {
    const share = rho * dot(s, q);
    shares.unshift(share);
    for (let at = 0; at < q.length; at++) q[at]! -= share * y[at]!;
  }
  const last = steps.at(-1);
  const scale = last === undefined ? 1 : 1 / (last.rho * dot(last.y, last.y));
  for (let at = 0; at < q.length; at++) q[at]! *= scale;
  for (const [index, { s, y, rho }] of steps.entries()) {
    const share = shares[index]! - rho * dot(y, q);
    for (let at = 0; at < q.length; at++) q[at]! += share * s[at]!;
  }
  return q;
}

interface Descent {
  readonly x: Float64Array;
  readonly here: ReturnType<Objective>;
  readonly direction: Float64Array;
}

/** The first of 1, ½, ¼ … that falls enough; undefined where none does. */
function descend(objective: Objective, { x, here, direction }: Descent) {
  const slope = dot(here.gradient, direction);
  const longest = Math.sqrt(dot(direction, direction));
  for (let step = longest > 1e3 ? 1e3 / longest : 1; step > 1e-12; step /= 2) {
    const next = x.map((value, at) => value + step * direction[at]!);
    const there = objective(next);
    if (there.value <= here.value + 1e-4 * step * slope) return { x: next, there };
  }
  return;
}
