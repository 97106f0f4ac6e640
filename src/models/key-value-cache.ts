import { type Tensor, tensor, zeros } from "#base";
import type { CachedBlock, Executed, PassTensors } from "./execution.ts";
import type { DecoderConfig } from "./family.ts";
import { paddedLength } from "./lengths.ts";
import { blockTap } from "./taps.ts";

/** The activations that a cache keeps, of every block. */
export function cacheTaps({ layers }: DecoderConfig): string[] {
  return Array.from({ length: layers }, (_, layer) => [
    blockTap(layer, "attention.key"),
    blockTap(layer, "attention.value"),
  ]).flat();
}

/**
 * Keys and values of the tokens that a batch of texts has seen, each at the place of its token, whatever the other texts'
 * lengths. Memory grows in steps, so that a step copies no more than its own token.
 *
 * Shapes   each block's key and value [B, Hk, P, D], P the room so far
 */
export class KeyValueCache {
  readonly #config: DecoderConfig;
  readonly #batch: number;
  /** How many tokens of each text are in it. */
  readonly lengths: number[];
  #room: number;
  #blocks: CachedBlock[];

  constructor(config: DecoderConfig, { batch, room }: { readonly batch: number; readonly room: number }) {
    this.#config = config;
    this.#batch = batch;
    this.lengths = new Array<number>(batch).fill(0);
    this.#room = paddedLength(room, config.contextLength);
    this.#blocks = this.#emptyBlocks();
  }

  /** Bytes that it takes now. */
  get bytes(): number {
    return this.#blocks.reduce((total, { key, value }) => total + key.data.byteLength + value.data.byteLength, 0);
  }

  /** As a pass takes it. */
  get past(): NonNullable<PassTensors["past"]> {
    return { lengths: tensor([this.#batch], this.lengths, "int64"), blocks: this.#blocks };
  }

  /** Takes in what a pass computed for the first `counts[row]` of its tokens of each text. */
  append({ taps }: Executed, counts: readonly number[]): void {
    this.#reserve(Math.max(...this.lengths.map((length, row) => length + counts[row]!)));
    for (const [layer, block] of this.#blocks.entries()) {
      this.#write(block.key, taps[blockTap(layer, "attention.key")]!, counts);
      this.#write(block.value, taps[blockTap(layer, "attention.value")]!, counts);
    }
    for (const [row, count] of counts.entries()) this.lengths[row]! += count;
  }

  #write({ data: target }: Tensor, { shape, data }: Tensor, counts: readonly number[]): void {
    const { keyValueHeads, headSize } = this.#config;
    const tokens = shape[2]!;
    const source = data as Float32Array;
    for (const [row, count] of counts.entries()) {
      for (let head = 0; head < keyValueHeads; head++) {
        const at = row * keyValueHeads + head;
        const from = at * tokens * headSize;
        const to = (at * this.#room + this.lengths[row]!) * headSize;
        (target as Float32Array).set(source.subarray(from, from + count * headSize), to);
      }
    }
  }

  #reserve(places: number): void {
    if (places <= this.#room) return;
    const before = this.#room;
    const old = this.#blocks;
    this.#room = paddedLength(places, this.#config.contextLength);
    this.#blocks = this.#emptyBlocks();
    for (const [layer, { key, value }] of this.#blocks.entries()) {
      this.#moveInto(key, old[layer]!.key, before);
      this.#moveInto(value, old[layer]!.value, before);
    }
  }

  #moveInto(target: Tensor, source: Tensor, room: number): void {
    const rows = this.#batch * this.#config.keyValueHeads;
    const [width, wider] = [room * this.#config.headSize, this.#room * this.#config.headSize];
    const from = source.data as Float32Array;
    for (let row = 0; row < rows; row++) {
      (target.data as Float32Array).set(from.subarray(row * width, (row + 1) * width), row * wider);
    }
  }

  #emptyBlocks(): CachedBlock[] {
    const { layers, keyValueHeads, headSize } = this.#config;
    const shape = [this.#batch, keyValueHeads, this.#room, headSize];
    return Array.from({ length: layers }, () => ({ key: zeros(shape), value: zeros(shape) }));
  }
}
