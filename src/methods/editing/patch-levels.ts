/** In which order patches are added: those that were made for the same weights together, later ones on what they gave. */
import { AssayError } from "#base";
import type { AppliedPatch } from "./edit-ledger.ts";
import type { Patch, PatchUpdate } from "./patch.ts";

/**
 * Patches by how many stand below them: a patch that was made on edited weights is added to those weights as they were
 * rounded, so that whoever stacks edits in memory and whoever applies them to folders has the same bits.
 */
export function levelsOf(patches: readonly Patch[], listed: readonly AppliedPatch[]): Patch[][] {
  const levels = new Map<string, number>();
  for (const { id, needs } of listed) levels.set(id, Math.max(-1, ...needs.map((need) => levels.get(need)!)) + 1);
  const found: Patch[][] = [];
  for (const patch of patches) {
    const level = levels.get(patch.id)!;
    found[level] ??= [];
    found[level].push(patch);
  }
  return found;
}

/** All changes of patches of one level in the one order in which they are added, whatever order they came in. */
export const stackedUpdates = (patches: readonly Patch[]): PatchUpdate[] =>
  patches.toSorted((a, b) => (a.id < b.id ? -1 : 1)).flatMap(({ updates }) => updates);

/** Says for which weights a patch is. */
export function otherBase(name: string, { id, certificate }: Patch, base: string): AssayError {
  const expected = `Expected the weights ${certificate.base.slice(0, 12)} of ${certificate.model} for patch ${id}`;
  const wayOut = "make the edit again for this model";
  return new AssayError("PATCH_BASE_MISMATCH", `${name}: ${expected}, got ${base.slice(0, 12)}; ${wayOut}`);
}
