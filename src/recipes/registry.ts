import { suggestion, UsageError } from "#base";
import { atlas } from "./atlas.ts";
import { bloodSmearsRecipe } from "./blood-smears.ts";
import { code } from "./code.ts";
import { encyclopediaMiniature } from "./encyclopedia.ts";
import type { Miniature } from "./miniature.ts";
import { scout } from "./scout.ts";
import { signDigitsRecipe } from "./sign-digits.ts";
import { vitMiniature } from "./vit.ts";

/** Every miniature that is part of the lab, by its name. */
export const miniatures: Readonly<Record<string, Miniature>> = {
  [atlas.name]: atlas,
  [code.name]: code,
  [encyclopediaMiniature.name]: encyclopediaMiniature,
  [scout.name]: scout,
  [vitMiniature.name]: vitMiniature,
};

/** Models of data that is not part of the lab: anyone who has it trains them, and nobody commits them. */
export const localRecipes: Readonly<Record<string, Miniature>> = {
  [bloodSmearsRecipe.name]: bloodSmearsRecipe,
  [signDigitsRecipe.name]: signDigitsRecipe,
};

/** The recipe of a miniature, or of a model of one's own data. @throws UsageError MINIATURE_UNKNOWN with the nearest name */
export function findMiniature(name: string): Miniature {
  const found = miniatures[name] ?? miniatures[`mini:${name}`] ?? localRecipes[name];
  if (found !== undefined) return found;
  const hint = suggestion(name, [...Object.keys(miniatures), ...Object.keys(localRecipes)]);
  throw new UsageError("MINIATURE_UNKNOWN", `recipes: Expected a miniature, got "${name}"${hint}`);
}
