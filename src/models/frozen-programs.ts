/** Programs that have a model's weights built in, and when that is worth it. */
import { crc32 } from "node:zlib";
import type { Tensor } from "#base";
import { leavesOf, type Program } from "#engine";
import type { WeightTensors } from "./weight-source.ts";

/** Bytes: the runtime reads small matrices faster in a layout of its own, and large ones no faster than they lie. */
const largestWorthwhile = 256 * 2 ** 20;
/** Building takes about as long as three times so many tokens gain. */
const tokensWorthwhile = 64;

/** Whether a text of so many tokens comes faster from a program with the weights built in. */
export function isWorthFreezing(weights: WeightTensors, tokens: number): boolean {
  if (tokens < tokensWorthwhile) return false;
  return bytesOf(weights).reduce((total, { length }) => total + length, 0) <= largestWorthwhile;
}

/** What tells weights from changed ones: a checksum of every byte, at the price of about two tokens. */
export function fingerprintOf(weights: WeightTensors): number {
  return bytesOf(weights).reduce((sum, bytes) => crc32(bytes, sum), 0);
}

const bytesOf = (weights: WeightTensors): Uint8Array[] =>
  leavesOf<Tensor>(weights)
    .values()
    .map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .toArray();

type AnyProgram = Program<unknown, unknown>;

interface Kept {
  readonly fingerprint: number;
  readonly program: Promise<AnyProgram>;
}

/** The programs of one model, each for the weights as they were when it was asked for; those of earlier weights are freed. */
export class FrozenPrograms {
  readonly #kept = new Map<string, Kept>();

  /** The program for a key and these weights, made when it is first asked for. */
  get(key: string, fingerprint: number, make: () => Promise<AnyProgram>): Promise<AnyProgram> {
    const known = this.#kept.get(key);
    if (known?.fingerprint === fingerprint) return known.program;
    if (known !== undefined) free(known);
    const made = { fingerprint, program: make() };
    this.#kept.set(key, made);
    // A failure is not kept: the next caller tries again.
    made.program.catch(() => this.#kept.get(key) === made && this.#kept.delete(key));
    return made.program;
  }

  release(): void {
    for (const kept of this.#kept.values()) free(kept);
    this.#kept.clear();
  }
}

/** A program that failed to compile has nothing to free. */
const free = ({ program }: Kept): void =>
  void program.then(
    (made) => made.release(),
    () => {},
  );
