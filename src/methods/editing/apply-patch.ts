/** Patches on models in memory. */
import { AssayError } from "#base";
import type { LanguageModel } from "#models";
import { withPatched } from "./certify.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Patch } from "./patch.ts";

/**
 * A model with patches on it; the given one keeps its weights, so taking all of them back is going on with it. Patches
 * that were made for the same weights go together in any order, to the same bits; one that was made on top of others
 * comes after them.
 *
 * @throws AssayError PATCH_BASE_MISMATCH, SHAPE_MISMATCH, VALUE_OVERFLOW, WEIGHTS_STREAMED
 * @example const edited = applyPatches(model, [loadPatch("patch.safetensors")]);
 */
export function applyPatches(model: LanguageModel, patches: readonly Patch[]): LanguageModel {
  const base = fingerprint(model).weights;
  const applied: Patch[] = [];
  let current = model;
  for (const patch of patches) {
    const own = patch.certificate.base;
    if (own !== base && own !== fingerprint(current).weights) throw otherBase(model.name, patch, base);
    applied.push(patch);
    current = withPatched(model, stackedUpdates(applied));
  }
  return current;
}

/** All changes of some patches in the one order in which they are added, whatever order they came in. */
export const stackedUpdates = (patches: readonly Patch[]) =>
  patches.toSorted((a, b) => (a.id < b.id ? -1 : 1)).flatMap(({ updates }) => updates);

/** Says for which weights a patch is. */
export function otherBase(name: string, { id, certificate }: Patch, base: string): AssayError {
  const expected = `Expected the weights ${certificate.base.slice(0, 12)} of ${certificate.model} for patch ${id}`;
  const wayOut = "make the edit again for this model";
  return new AssayError("PATCH_BASE_MISMATCH", `${name}: ${expected}, got ${base.slice(0, 12)}; ${wayOut}`);
}
