import { join } from "node:path";
import { sha256 } from "#base";
import { readTextFile } from "#formats";
import { groupHash } from "./groups.ts";

/**
 * Tells the texts that a model was not trained on, by the groups that its folder names in `groups.json`.
 *
 * A text is known by its hash alone, so only a group of one can be told; a text of no group may be nearly one that was
 * seen. Both count as seen.
 *
 * @throws AssayError FILE_MISSING where the folder names no groups
 */
export function heldOutTexts(folder: string): (text: string) => boolean {
  const { heldOut } = JSON.parse(readTextFile(join(folder, "groups.json"))) as { heldOut: readonly string[] };
  const known = new Set(heldOut);
  return (text) => known.has(groupHash([sha256(Buffer.from(text))]));
}
