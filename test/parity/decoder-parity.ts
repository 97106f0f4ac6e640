/** What the parity tests of the language models share. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Tensor } from "#base";
import { loadModel, trace } from "#models";

interface Golden {
  readonly parameters: number;
  readonly inputIds: number[][];
  readonly taps: Record<string, { readonly shape: number[]; readonly data: number[] }>;
}

/** Where a fixture's folder lies. */
export const fixture = (name: string): string => join(import.meta.dirname, "../golden/models", name);

/** What the reference computed. */
export const readGolden = (name: string): Golden => JSON.parse(readFileSync(`${fixture(name)}.golden.json`, "utf8"));

/** How far two tensors are apart, relative to the largest value of the expected one. */
export function relativeDistance(
  found: Tensor,
  expected: { shape: readonly number[]; data: ArrayLike<number> },
): number {
  expect(found.shape).toEqual(expected.shape);
  const values = Array.from(expected.data);
  const largest = Math.max(...values.map(Math.abs));
  return Math.max(...values.map((value, at) => Math.abs(Number(found.data[at]) - value))) / largest;
}

/** The farthest tap of a fixture from the reference, whole or block by block. */
export async function worstTap(name: string, { golden = name, memory }: { golden?: string; memory?: number } = {}) {
  const { inputIds, taps: expected } = readGolden(golden);
  using model = await loadModel(fixture(name), memory === undefined ? {} : { memory });
  const { taps } = await trace(model, { ids: inputIds, taps: Object.keys(expected) });
  const distances = Object.entries(expected).map(([tap, value]) => [tap, relativeDistance(taps[tap]!, value)] as const);
  return distances.reduce((worst, next) => (next[1] > worst[1] ? next : worst));
}
