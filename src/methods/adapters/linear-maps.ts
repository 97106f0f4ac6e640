/** The linear maps of a model's blocks: what adapters can be put on. */
import { AssayError, suggestion } from "#base";
import { leavesOf } from "#engine";
import type { LanguageModel, StoredWeight } from "#models";

/** One linear map x W. */
export interface LinearMap {
  /** `blocks.3.attention.query` */
  readonly path: string;
  /** The same in every block: `attention.query`. */
  readonly target: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Its weight as the family's own library stores it, whatever the checkpoint at hand calls it. */
  readonly stored: StoredWeight;
}

/** Every linear map of a model's blocks by its path, in the order of the figure. */
export function linearMapsOf({ family, config }: Pick<LanguageModel, "family" | "config">): Map<string, LinearMap> {
  const plan = family.weights(config, { has: () => false });
  const maps = new Map<string, LinearMap>();
  for (const [leaf, stored] of leavesOf<StoredWeight>(plan.blocks, "blocks")) {
    const [inputs, outputs] = stored.shape;
    if (!leaf.endsWith(".weight") || inputs === undefined || outputs === undefined) continue;
    const path = leaf.slice(0, -".weight".length);
    maps.set(path, { path, target: path.replace(/^blocks\.\d+\./, ""), inputs, outputs, stored });
  }
  return maps;
}

/** What is adapted where nothing is said: queries and values, as in LoRA's own experiments. */
const usualTargets: ReadonlySet<string> = new Set(["attention.query", "attention.value", "attention.queryKeyValue"]);

/** The maps that have one of these names in some block. @throws AssayError TARGET_UNKNOWN with the nearest name */
export function targetMaps(
  model: Pick<LanguageModel, "name" | "family" | "config">,
  targets: readonly string[] | undefined,
): LinearMap[] {
  const maps = [...linearMapsOf(model).values()];
  if (targets === undefined) return maps.filter(({ target }) => usualTargets.has(target));
  const known = new Set(maps.map(({ target }) => target));
  const wrong = targets.find((target) => !known.has(target));
  if (wrong !== undefined || targets.length === 0) {
    const got = wrong === undefined ? "none" : `"${wrong}"${suggestion(wrong, known)}`;
    throw new AssayError("TARGET_UNKNOWN", `adapters: Expected linear maps of ${model.name} as targets, got ${got}`);
  }
  return maps.filter(({ target }) => targets.includes(target));
}
