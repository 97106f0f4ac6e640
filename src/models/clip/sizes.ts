import type { SizeTable } from "../family.ts";
import type { ClipConfig, ClipTowerConfig } from "./config.ts";

const tower = (row: Pick<ClipTowerConfig, "hiddenSize" | "layers" | "heads">): ClipTowerConfig => ({
  ...row,
  intermediateSize: 4 * row.hiddenSize,
  headSize: row.hiddenSize / row.heads,
  normEpsilon: 1e-5,
  activation: "gelu-sigmoid",
});

interface Row {
  readonly vision: ClipTowerConfig;
  readonly text: ClipTowerConfig;
  readonly patch: number;
  readonly image?: number;
  readonly projectionSize: number;
}

const clipConfig = ({ vision, text, patch, image = 224, projectionSize }: Row): ClipConfig => ({
  vision: { ...vision, imageSize: [image, image], patchSize: [patch, patch], channels: 3 },
  text: { ...text, vocabularySize: 49_408, contextLength: 77, endId: null },
  projectionSize,
});

const size = (parameters: number, row: Row) => ({ parameters, config: clipConfig(row) });

const base = {
  vision: tower({ hiddenSize: 768, layers: 12, heads: 12 }),
  text: tower({ hiddenSize: 512, layers: 12, heads: 8 }),
  projectionSize: 512,
};
const large = {
  vision: tower({ hiddenSize: 1024, layers: 24, heads: 16 }),
  text: tower({ hiddenSize: 768, layers: 12, heads: 12 }),
  projectionSize: 768,
};

/** Published sizes with the exact number of parameters of their checkpoints. */
export const clipSizes = {
  "clip-vit-base-patch32": size(151_277_313, { ...base, patch: 32 }),
  "clip-vit-base-patch16": size(149_620_737, { ...base, patch: 16 }),
  "clip-vit-large-patch14": size(427_616_513, { ...large, patch: 14 }),
  "clip-vit-large-patch14-336": size(427_944_193, { ...large, patch: 14, image: 336 }),
} as const satisfies SizeTable<ClipConfig>;

const small = (hiddenSize: number): ClipTowerConfig => ({
  ...tower({ hiddenSize, layers: 2, heads: 4 }),
  intermediateSize: 24,
});

/** A configuration for tests: two blocks in each tower, four patches. */
export const clipTiny: ClipConfig = {
  vision: { ...small(16), imageSize: [8, 8], patchSize: [4, 4], channels: 3 },
  text: { ...small(16), vocabularySize: 64, contextLength: 16, endId: 63 },
  projectionSize: 8,
};
