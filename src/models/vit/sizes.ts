import type { SizeTable } from "../family.ts";
import type { ViTConfig } from "./config.ts";

type Row = Pick<ViTConfig, "hiddenSize" | "intermediateSize" | "layers" | "heads"> &
  Partial<Omit<ViTConfig, "labels">> & { readonly classes?: number };

const numbered = (count: number): string[] => Array.from({ length: count }, (_, at) => `LABEL_${at}`);

function vitConfig({ classes = 1000, ...row }: Row): ViTConfig {
  return {
    imageSize: [224, 224],
    patchSize: [16, 16],
    channels: 3,
    headSize: row.hiddenSize / row.heads,
    normEpsilon: 1e-12,
    activation: "gelu",
    queryKeyValueBias: true,
    hasDistillationToken: false,
    ...row,
    labels: numbered(classes),
  };
}

const size = (parameters: number, row: Row) => ({ parameters, config: vitConfig(row) });

const tiny = { hiddenSize: 192, intermediateSize: 768, layers: 12, heads: 3 };
const small = { hiddenSize: 384, intermediateSize: 1536, layers: 12, heads: 6 };
const base = { hiddenSize: 768, intermediateSize: 3072, layers: 12, heads: 12 };
const large = { hiddenSize: 1024, intermediateSize: 4096, layers: 24, heads: 16 };
const deit = { hasDistillationToken: true };

/** Published sizes with the exact number of parameters of a classifier's checkpoint, a distilled DeiT's with both heads. */
export const vitSizes = {
  "vit-base-patch16-224": size(86_567_656, base),
  "vit-base-patch16-384": size(86_859_496, { ...base, imageSize: [384, 384] }),
  "vit-base-patch32-384": size(88_297_192, { ...base, imageSize: [384, 384], patchSize: [32, 32] }),
  "vit-large-patch16-224": size(304_326_632, large),
  "vit-large-patch32-384": size(306_632_680, { ...large, imageSize: [384, 384], patchSize: [32, 32] }),
  "deit-tiny-patch16-224": size(5_717_416, tiny),
  "deit-small-patch16-224": size(22_050_664, small),
  "deit-base-patch16-224": size(86_567_656, base),
  "deit-tiny-distilled-patch16-224": size(5_910_800, { ...tiny, ...deit }),
  "deit-small-distilled-patch16-224": size(22_436_432, { ...small, ...deit }),
  "deit-base-distilled-patch16-224": size(87_338_192, { ...base, ...deit }),
} as const satisfies SizeTable<ViTConfig>;

/** A configuration for tests: two blocks, four patches, three classes. */
export const vitTiny: ViTConfig = vitConfig({
  hiddenSize: 16,
  intermediateSize: 24,
  layers: 2,
  heads: 4,
  imageSize: [8, 8],
  patchSize: [4, 4],
  classes: 3,
});
