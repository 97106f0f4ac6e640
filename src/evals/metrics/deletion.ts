/** Are the patches of a concept what the model looks at? Taking them away, or giving them back, shows. */
import { AssayError } from "#base";

/** Patches from the most important one on. */
export const deletionOrder = (values: ArrayLike<number>): number[] =>
  Array.from({ length: values.length }, (_, at) => at).sort((a, b) => values[b]! - values[a]! || a - b);

/** Patches that are gone at each of some steps: none, then equal parts of the order, then all. */
export function deletionSteps(order: readonly number[], steps: number): number[][] {
  return Array.from({ length: steps + 1 }, (_, at) => order.slice(0, Math.round((at * order.length) / steps)));
}

/**
 * The area under a curve of probabilities over equal steps from 0 to 1, by the trapezoidal rule.
 *
 * Low is good when the most important patches are deleted first, high when they are inserted first.
 *
 * Source   Petsiuk, Das & Saenko 2018, RISE, §4.2
 *
 * @throws AssayError MEASURE_INPUT
 */
export function curveArea(values: readonly number[]): number {
  if (values.length < 2)
    throw new AssayError("MEASURE_INPUT", `curveArea: Expected at least two values, got ${values.length}`);
  const ends = (values[0]! + values.at(-1)!) / 2;
  return (values.slice(1, -1).reduce((sum, value) => sum + value, 0) + ends) / (values.length - 1);
}
