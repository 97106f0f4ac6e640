import { AssayError, nearest } from "#base";
import type { ConfigJson } from "./config-reader.ts";
import type { VisionFamily } from "./vision-family.ts";
import { vitFamily } from "./vit/index.ts";

/** Every family of image classifiers. */
export const visionFamilies: Readonly<Record<"vit", VisionFamily>> = { vit: vitFamily as never };

const byModelType: ReadonlyMap<string, VisionFamily> = new Map(
  Object.values(visionFamilies).flatMap((family) => family.modelTypes.map((type) => [type, family] as const)),
);

/** Networks that see without attention over patches, so that nothing can be said of what a class token looks at. */
const withoutAttention =
  /^(resnet|convnext|efficientnet|mobilenet|regnet|bit|van|poolformer|focalnet|densenet|vgg|inception)/;

/** Whether a config.json belongs to an image classifier that is read here. */
export const isVisionType = (type: unknown): boolean => typeof type === "string" && byModelType.has(type);

/**
 * The family of image classifiers that reads a config.json.
 *
 * @throws AssayError MODEL_WITHOUT_ATTENTION for a convolutional network, MODEL_UNKNOWN with the nearest known type
 */
export function visionFamilyOf({ model_type: type }: ConfigJson): VisionFamily {
  const family = typeof type === "string" ? byModelType.get(type) : undefined;
  if (family !== undefined) return family;
  const name = String(type ?? "nothing");
  const known = [...byModelType.keys()];
  if (withoutAttention.test(name)) {
    const claim = `Expected a transformer over patches (${known.join(", ")}), got "${name}"`;
    throw new AssayError("MODEL_WITHOUT_ATTENTION", `models: ${claim}, which has no attention to look at`);
  }
  const near = nearest(name, known);
  const hint = near === undefined ? `known are ${known.join(", ")}` : `the nearest known is "${near}"`;
  const claim = `Expected a vision model's model_type in config.json, got "${name}"`;
  throw new AssayError("MODEL_UNKNOWN", `models: ${claim}; ${hint}`);
}
