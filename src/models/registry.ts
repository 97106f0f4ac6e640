import { AssayError, nearest } from "#base";
import type { ConfigJson } from "./config-reader.ts";
import type { Family } from "./family.ts";
import { gpt2Family } from "./gpt2/index.ts";
import { llamaFamily } from "./llama/index.ts";
import { neoxFamily } from "./neox/index.ts";
import { olmoFamily } from "./olmo/index.ts";

/** Every family of language models. */
export const families: Readonly<Record<"gpt2" | "llama" | "neox" | "olmo", Family>> = {
  gpt2: gpt2Family,
  llama: llamaFamily,
  neox: neoxFamily,
  olmo: olmoFamily,
};

const byModelType: ReadonlyMap<string, Family> = new Map(
  Object.values(families).flatMap((family) => family.modelTypes.map((type) => [type, family] as const)),
);

/**
 * The family that reads a config.json.
 *
 * @throws AssayError MODEL_UNKNOWN with the nearest known type
 */
export function familyOf({ model_type: type }: ConfigJson): Family {
  const family = typeof type === "string" ? byModelType.get(type) : undefined;
  if (family !== undefined) return family;
  const known = [...byModelType.keys()];
  // A younger relative is named after its elder: gemma3 after gemma.
  const name = String(type ?? "nothing");
  const near = nearest(name, known) ?? known.find((other) => name.startsWith(other.slice(0, 4)));
  const hint = near === undefined ? `known are ${known.join(", ")}` : `the nearest known is "${near}"`;
  throw new AssayError("MODEL_UNKNOWN", `models: Expected a known model_type in config.json, got "${name}"; ${hint}`);
}
