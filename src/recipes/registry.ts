import { suggestion, UsageError } from "#base";
import { atlas } from "./atlas.ts";
import { code } from "./code.ts";
import { encyclopediaMiniature } from "./encyclopedia.ts";
import type { Miniature } from "./miniature.ts";

/** Every miniature that can be trained, by its name. */
export const miniatures: Readonly<Record<string, Miniature>> = {
  [atlas.name]: atlas,
  [code.name]: code,
  [encyclopediaMiniature.name]: encyclopediaMiniature,
};

/** The recipe of a miniature. @throws UsageError MINIATURE_UNKNOWN with the nearest name */
export function findMiniature(name: string): Miniature {
  const found = miniatures[name] ?? miniatures[`mini:${name}`];
  if (found !== undefined) return found;
  const hint = suggestion(name, Object.keys(miniatures));
  throw new UsageError("MINIATURE_UNKNOWN", `recipes: Expected a miniature, got "${name}"${hint}`);
}
