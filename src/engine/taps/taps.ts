/** Named activations: a model names them once; what is read or changed is decided where the model is called. */
import { AssayError, nearest } from "#base";
import { sameShape } from "../graph/dims.ts";
import { scoped } from "../graph/scope.ts";
import { showType } from "../graph/tree.ts";
import type { Value } from "../graph/value.ts";

/** What is done with the taps of one model call. */
export interface TapPlan {
  /** Taps to hand out by name, or all of them. */
  readonly read?: readonly string[] | "all";
  /** What the model goes on with instead of a tap's value: add a vector, replace it, ablate it. */
  readonly edit?: Readonly<Record<string, (value: Value) => Value>>;
}

/** What a model returned, and the taps that were read, after edits, in the order in which the model computes them. */
export interface Tapped<Result> {
  readonly result: Result;
  readonly taps: Readonly<Record<string, Value>>;
}

/** The calls of `withTaps` that are tracing now, the innermost last. */
let listeners: readonly TapListener[] = [];

/**
 * Names an activation under the current scope, so that it can be read or changed; without a listener it is the value itself.
 *
 * @example const coefficients = tap("mlp.coefficients", gelu(affine(x, weights.up)))
 */
export function tap(name: string, value: Value): Value {
  const path = scoped(name);
  return listeners.reduceRight((current, listener) => listener.see(path, current), value);
}

/**
 * Runs `build` while its taps are read and edited. Gradients flow through edits, so a vector that is added to a tap can be trained.
 *
 * @throws AssayError TAP_UNKNOWN with the nearest names, TAP_TWICE, TAP_TYPE when an edit changes shape or dtype
 * @example withTaps({ edit: { "blocks.3.residual": (x) => x.add(steering) } }, () => model(inputIds, weights)).result
 */
export function withTaps<Result>(plan: TapPlan, build: () => Result): Tapped<Result> {
  const outer = listeners;
  const listener = new TapListener(plan);
  listeners = [...outer, listener];
  try {
    const result = build();
    if (result instanceof Promise) {
      throw new AssayError("ASYNC_TRACE", "withTaps: Expected a synchronous function, got a promise");
    }
    return { result, taps: listener.finish() };
  } finally {
    listeners = outer;
  }
}

class TapListener {
  readonly #plan: TapPlan;
  readonly #seen = new Map<string, Value>();

  constructor(plan: TapPlan) {
    this.#plan = plan;
  }

  see(path: string, value: Value): Value {
    if (this.#seen.has(path)) {
      const wayOut = "run each part of the model in a scope() of its own";
      throw new AssayError("TAP_TWICE", `tap: Expected each name once, got "${path}" twice; ${wayOut}`);
    }
    const edit = this.#plan.edit?.[path];
    const edited = edit === undefined ? value : edit(value);
    if (edited.dtype !== value.dtype || !sameShape(edited.shape, value.shape)) {
      const types = `Expected ${showType(value)} from the edit of "${path}", got ${showType(edited)}`;
      throw new AssayError("TAP_TYPE", `withTaps: ${types}`);
    }
    this.#seen.set(path, edited);
    return edited;
  }

  finish(): Record<string, Value> {
    const { read = [], edit = {} } = this.#plan;
    const named = read === "all" ? [] : read;
    for (const name of [...named, ...Object.keys(edit)]) if (!this.#seen.has(name)) throw unknownTap(name, this.#seen);
    return Object.fromEntries([...this.#seen].filter(([name]) => read === "all" || named.includes(name)));
  }
}

function unknownTap(name: string, seen: ReadonlyMap<string, Value>): AssayError {
  const near = nearTo(name, [...seen.keys()]);
  const hint =
    near.length === 0 ? "the model has no taps" : `the nearest are ${near.map((tap) => `"${tap}"`).join(", ")}`;
  return new AssayError("TAP_UNKNOWN", `withTaps: Expected a tap of the model, got "${name}"; ${hint}`);
}

/** The nearest name by spelling, then names that end alike, then any. */
function nearTo(name: string, known: readonly string[]): string[] {
  const last = name.split(".").at(-1)!;
  const spelt = nearest(name, known);
  const alike = known.filter((other) => other.split(".").at(-1) === last);
  return [...new Set([...(spelt === undefined ? [] : [spelt]), ...alike, ...known])].slice(0, 3);
}
