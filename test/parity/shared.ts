/** Reference models that nobody here made, in ASSAY_SHARED. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Tensor } from "#base";
import { openCheckpoint } from "#formats";

/** A folder of ASSAY_SHARED's weights, and whether it is there. */
export function sharedFolder(name: string): { readonly path: string; readonly isMissing: boolean } {
  const path = join(process.env.ASSAY_SHARED ?? "../shared", "weights", name);
  return { path, isMissing: !existsSync(path) };
}

/** Every tensor of a file by its name. */
export function readTensors(path: string): Record<string, Tensor> {
  const checkpoint = openCheckpoint(path);
  const tensors = [...checkpoint.tensors.keys()].map((name) => [name, checkpoint.read(name)] as const);
  checkpoint.close();
  return Object.fromEntries(tensors);
}

/** The largest difference over the largest expected number. */
export function relativeMiss(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let [miss, size] = [0, 0];
  for (let at = 0; at < expected.length; at++) {
    if (actual[at] === expected[at]) continue;
    miss = Math.max(miss, Math.abs(actual[at]! - expected[at]!));
    if (Number.isFinite(expected[at]!)) size = Math.max(size, Math.abs(expected[at]!));
  }
  return miss === 0 ? 0 : miss / size;
}
