/** Which weights unlearning may touch. A name that is none of these is refused: never everything by mistake. */
import { AssayError, suggestion } from "#base";
import { type Mask, rowMask } from "#engine";
import type { DecoderConfig } from "#models";
import { downMapPath, expectPlace, type ValueVectorPlace } from "../value-vectors/place.ts";

/** Scopes by name. */
export const unlearningScopes = {
  full: "every weight",
  "value-vectors": "the down map of every block",
  needle: "one value vector",
} as const;

/** The name of a scope. */
export type UnlearningScope = keyof typeof unlearningScopes;

/** What is trained: paths of our weights, and for a needle the part of one. */
export interface ScopeSelection {
  includes(path: string): boolean;
  masks(shapes: ReadonlyMap<string, readonly number[]>): Readonly<Record<string, Mask>>;
}

/** Checks a scope's name. @throws AssayError SCOPE_UNKNOWN with the nearest */
export function readScope(name: string): UnlearningScope {
  if (Object.hasOwn(unlearningScopes, name)) return name as UnlearningScope;
  const names = Object.keys(unlearningScopes);
  const claim = `Expected one of ${names.join(", ")} as the scope, got "${name}"${suggestion(name, names)}`;
  throw new AssayError("SCOPE_UNKNOWN", `unlearning: ${claim}; nothing was trained`);
}

/** What a scope selects. @throws AssayError SCOPE_UNKNOWN, PLACE_MISSING, LAYER_OUT_OF_RANGE, COLUMN_OUT_OF_RANGE */
export function selectScope(
  name: string,
  { place, config }: { readonly place?: ValueVectorPlace | undefined; readonly config: DecoderConfig },
): ScopeSelection {
  const scope = readScope(name);
  if (scope === "full") return { includes: () => true, masks: () => ({}) };
  if (scope === "value-vectors") return { includes: (path) => /\.mlp\.down\.weight$/.test(path), masks: () => ({}) };
  if (place === undefined) {
    throw new AssayError("PLACE_MISSING", "unlearning: Expected a layer and a column for the scope needle, got none");
  }
  expectPlace(place, config);
  const path = downMapPath(place.layer);
  return {
    includes: (candidate) => candidate === path,
    masks: (shapes) => ({ [path]: rowMask(shapes.get(path)!, place.column) }),
  };
}
