import { readFileSync } from "node:fs";
import { damaged } from "./objects.ts";

const fanOut = 8;
const names = fanOut + 256 * 4;

/**
 * Where each object of a pack begins.
 *
 * Source   git, Documentation/gitformat-pack.txt, "Version 2 pack-*.idx files"
 */
export class PackIndex {
  readonly count: number;
  readonly #bytes: Buffer;
  #sorted: Float64Array | undefined;

  /** @throws AssayError GIT_DAMAGED */
  constructor(path: string) {
    this.#bytes = readFileSync(path);
    const isSecond = this.#bytes.length > names && this.#bytes.readUInt32BE(0) === 0xff744f63;
    if (!isSecond || this.#bytes.readUInt32BE(4) !== 2) throw damaged(path, "an index of version 2");
    this.count = this.#bytes.readUInt32BE(names - 4);
    if (this.#bytes.length < names + this.count * 28 + 40) throw damaged(path, `${this.count} objects`);
  }

  /** The place of an object in the pack, or undefined. */
  find(id: string): number | undefined {
    const [match] = this.#matches(id);
    return match === undefined ? undefined : this.#offset(match);
  }

  /** Identities that begin with some digits. */
  startingWith(digits: string): string[] {
    return this.#matches(digits).map((at) => this.#bytes.toString("hex", names + at * 20, names + at * 20 + 20));
  }

  /** Where the object after this one begins, or undefined after the last. */
  after(offset: number): number | undefined {
    this.#sorted ??= Float64Array.from({ length: this.count }, (_, at) => this.#offset(at)).sort();
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sorted[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return this.#sorted[low];
  }

  #matches(digits: string): number[] {
    const first = Number.parseInt(digits.slice(0, 2), 16);
    let [low, high] = [first === 0 ? 0 : this.#upTo(first - 1), this.#upTo(first)];
    const end = high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#nameAt(middle, digits.length) < digits) low = middle + 1;
      else high = middle;
    }
    const found: number[] = [];
    for (let at = low; at < end && this.#nameAt(at, digits.length) === digits; at++) found.push(at);
    return found;
  }

  #upTo(first: number): number {
    return this.#bytes.readUInt32BE(fanOut + first * 4);
  }

  #nameAt(at: number, digits: number): string {
    return this.#bytes.toString("hex", names + at * 20, names + at * 20 + Math.ceil(digits / 2)).slice(0, digits);
  }

  /** Offsets of 2 GiB and more stand in a table of their own. */
  #offset(at: number): number {
    const small = this.#bytes.readUInt32BE(names + this.count * 24 + at * 4);
    if (small < 0x80000000) return small;
    return Number(this.#bytes.readBigUInt64BE(names + this.count * 28 + (small - 0x80000000) * 8));
  }
}
