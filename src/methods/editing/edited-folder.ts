/**
 * Edited folders: a model's folder with patches on it, that remembers what lay there before.
 *
 * `edits/` holds the bytes of every tensor that an edit touched, the patches, and what belongs to which: so whatever the
 * number type, taking patches back gives the bytes that were there, not numbers near them.
 */
import { AssayError } from "#base";
import { type FolderChange, FolderState } from "./folder-state.ts";
import type { Patch } from "./patch.ts";

/**
 * Writes a copy of a model's folder with a patch on it. Names, number types and every byte but those of the edited tensors
 * stay; what they were is kept beside them.
 *
 * @throws AssayError PATCH_BASE_MISMATCH, PATCH_APPLIED, EDIT_STALE, CHECKPOINT_EXISTS, CHECKPOINT_UNSUPPORTED, VALUE_OVERFLOW,
 *   EDIT_WITHOUT_EFFECT, EDIT_SPILLED
 * @example applyToFolder("./folder", loadPatch("patch.safetensors"), { output: "./edited" });
 */
export function applyToFolder(folder: string, patch: Patch, { output }: { readonly output: string }): FolderChange {
  using state = FolderState.open(folder);
  if (state.patches.some(({ id }) => id === patch.id)) {
    throw new AssayError("PATCH_APPLIED", `${folder}: Expected a patch that is not on it, got ${patch.id}`);
  }
  const needs = state.needsOf(patch);
  const applied = { id: patch.id, method: patch.certificate.method, needs };
  return state.write(output, { patches: [...state.loaded(), patch], listed: [...state.patches, applied] });
}

/** Which patches are taken back. */
export interface RevertOptions {
  readonly output: string;
  /** Ids of patches, or their first digits; all of them when left out. */
  readonly patches?: readonly string[];
}

/**
 * Writes a copy of an edited folder without some of its patches; without all of them, its weight files are byte for byte
 * those from before.
 *
 * @throws AssayError PATCH_UNKNOWN, PATCH_NEEDED, EDIT_STALE, CHECKPOINT_EXISTS
 * @example revertFolder("./edited", { output: "./restored" });
 */
export function revertFolder(folder: string, { output, patches: wanted }: RevertOptions): FolderChange {
  using state = FolderState.open(folder);
  const gone = new Set(wanted?.map((id) => state.find(id)) ?? state.patches.map(({ id }) => id));
  if (gone.size === 0) throw new AssayError("PATCH_UNKNOWN", `${folder}: Expected patches on it, found none`);
  const listed = state.patches.filter(({ id }) => !gone.has(id));
  const needing = listed.find(({ needs }) => needs.some((id) => gone.has(id)));
  if (needing !== undefined) {
    const need = needing.needs.find((id) => gone.has(id));
    const claim = `Expected to keep what others stand on, got ${need}, on top of which ${needing.id} was made`;
    throw new AssayError("PATCH_NEEDED", `${folder}: ${claim}; take ${needing.id} back as well`);
  }
  return state.write(output, { patches: state.loaded().filter(({ id }) => !gone.has(id)), listed });
}
