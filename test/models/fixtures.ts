/** Tiny models for the tests of the bench. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Tensor, tensor } from "#base";
import { openCheckpoint, sourceOf, writeSafetensors } from "#formats";
import { type LanguageModel, type LoadModelOptions, loadModel } from "#models";

/** The folder of a committed fixture. */
export const fixture = (name: string): string => join(import.meta.dirname, "../golden/models", name);

/** A fixture, loaded for one test. */
export async function openFixture(name: string, options: LoadModelOptions = {}): Promise<LanguageModel> {
  const model = await loadModel(fixture(name), options);
  onTestFinished(() => model.close());
  return model;
}

/** A copy of a fixture that one test may damage. */
export function copyOf(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), "assay-models-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(fixture(name), folder, { recursive: true });
  return folder;
}

/** Changes some keys of a folder's config.json; undefined takes a key away. */
export function changeConfig(folder: string, changes: Readonly<Record<string, unknown>>): void {
  const file = join(folder, "config.json");
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), ...changes }));
}

/** Writes a folder's weights anew; a tensor that becomes undefined is left out. */
export function changeWeights(folder: string, change: (name: string, tensor: Tensor) => Tensor | undefined): void {
  const checkpoint = openCheckpoint(folder);
  const kept = [...checkpoint.tensors.keys()].flatMap((name) => {
    const changed = change(name, checkpoint.read(name));
    return changed === undefined ? [] : [sourceOf(name, changed)];
  });
  checkpoint.close();
  writeSafetensors(join(folder, "model.safetensors"), kept);
}

/** Ids that are the same at every call: 3, 8, 13 … below 64. */
export const someIds = (count: number, start = 3): number[] =>
  Array.from({ length: count }, (_, at) => (start + 5 * at) % 64);

/** A vector with something in it. */
export const someVector = (size: number): Tensor =>
  tensor(
    [size],
    Array.from({ length: size }, (_, at) => Math.sin(at) * 0.3),
  );
