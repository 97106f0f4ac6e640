import { AssayError } from "#base";
import type { DecoderConfig } from "#models";

/** Where a value vector lies. */
export interface ValueVectorPlace {
  /** The block, counted from zero. */
  readonly layer: number;
  /** The neuron: a row of our down map, a column of the checkpoint's. */
  readonly column: number;
}

/** The path of a block's down map in our weights: [I, C], one value vector a row. */
export const downMapPath = (layer: number): string => `blocks.${layer}.mlp.down.weight`;

/** Checks that a model has such a value vector; `who` asks, in the message. @throws AssayError LAYER_OUT_OF_RANGE, COLUMN_OUT_OF_RANGE */
export function expectPlace({ layer, column }: ValueVectorPlace, config: DecoderConfig, who?: string): void {
  expectLayer(layer, config, who);
  expectIndex(column, { what: "column", count: config.intermediateSize, who });
}

/** Checks that a model has such a layer; `who` asks, in the message. @throws AssayError LAYER_OUT_OF_RANGE */
export function expectLayer(layer: number, { layers }: DecoderConfig, who?: string): void {
  expectIndex(layer, { what: "layer", count: layers, who });
}

interface Range {
  readonly what: "layer" | "column";
  readonly count: number;
  readonly who: string | undefined;
}

function expectIndex(index: number, { what, count, who = "value vectors" }: Range): void {
  if (Number.isInteger(index) && index >= 0 && index < count) return;
  const code = what === "layer" ? "LAYER_OUT_OF_RANGE" : "COLUMN_OUT_OF_RANGE";
  throw new AssayError(code, `${who}: Expected a ${what} from 0 to ${count - 1}, got ${index}`);
}
