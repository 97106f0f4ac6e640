/** Patches on models in memory. */
import type { LanguageModel } from "#models";
import { withPatched } from "./certify.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Patch } from "./patch.ts";
import { otherBase, stackedUpdates } from "./patch-levels.ts";

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
  const levels: Patch[][] = [[]];
  let current = model;
  for (const patch of patches) {
    const own = patch.certificate.base;
    if (own === base) levels[0]!.push(patch);
    else if (own === fingerprint(current).weights) levels.push([patch]);
    else throw otherBase(model.name, patch, base);
    current = levels.reduce((on, level) => withPatched(on, stackedUpdates(level)), model);
  }
  return current;
}
