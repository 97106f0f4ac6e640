import { bytesAt } from "../files/byte-source.ts";
import { RangedFile } from "../files/ranged-file.ts";
import { applyDelta, deltaResultSize } from "./delta.ts";
import { inflated } from "./inflated.ts";
import { damaged, type ObjectKind, type StoredObject } from "./objects.ts";
import { PackIndex } from "./pack-index.ts";
import { RecentObjects } from "./recent-objects.ts";

/** An object that was not unpacked because it is too large. */
export interface TooLarge {
  readonly tooLarge: number;
}

/** What a pack is asked for. */
export interface UnpackOptions {
  /** Larger objects are not unpacked. */
  readonly limit: number;
  /** Finds the base of a delta that names it by identity. */
  readonly base: (id: string) => StoredObject | undefined;
}

interface Header {
  readonly type: number;
  readonly size: number;
  /** Where its compressed bytes begin. */
  readonly start: number;
  /** Of a delta: where its base stands, or which it is. */
  readonly baseOffset?: number;
  readonly baseId?: string;
}

const kinds: Readonly<Record<number, ObjectKind>> = { 1: "commit", 2: "tree", 3: "blob", 4: "tag" };
const offsetDelta = 6;
const namedDelta = 7;

/** A pack of objects: read at the places that are asked for, never as a whole. */
export class Pack {
  readonly index: PackIndex;
  readonly #file: RangedFile;
  readonly #recent = new RecentObjects();

  /** @param path without its extension */
  constructor(path: string) {
    this.index = new PackIndex(`${path}.idx`);
    this.#file = new RangedFile(`${path}.pack`);
  }

  /** @throws AssayError GIT_DAMAGED */
  read(offset: number, options: UnpackOptions): StoredObject | TooLarge {
    const known = this.#recent.get(offset);
    if (known !== undefined) return known.bytes.length > options.limit ? { tooLarge: known.bytes.length } : known;
    const header = this.#header(offset);
    const kind = kinds[header.type];
    if (kind !== undefined) {
      if (header.size > options.limit) return { tooLarge: header.size };
      return this.#keep(offset, { kind, bytes: this.#unpack(offset, header) });
    }
    if (header.size > options.limit) return { tooLarge: header.size };
    return this.#readDelta(offset, header, options);
  }

  close(): void {
    this.#file.close();
  }

  #readDelta(offset: number, header: Header, options: UnpackOptions): StoredObject | TooLarge {
    const delta = this.#unpack(offset, header);
    const size = deltaResultSize(delta);
    if (size > options.limit) return { tooLarge: size };
    const base =
      header.baseOffset === undefined
        ? options.base(header.baseId!)
        : this.read(header.baseOffset, { ...options, limit: Number.POSITIVE_INFINITY });
    if (base === undefined || "tooLarge" in base) throw damaged(this.#file.path, "the base of a delta");
    return this.#keep(offset, { kind: base.kind, bytes: applyDelta(base.bytes, delta) });
  }

  #keep(offset: number, found: StoredObject): StoredObject {
    this.#recent.set(offset, found);
    return found;
  }

  #unpack(offset: number, { start, size }: Header): Buffer {
    const end = this.index.after(offset) ?? this.#file.size - 20;
    const bytes = inflated(bytesAt(this.#file, start, end - start), { most: size });
    if (bytes?.length !== size) throw damaged(this.#file.path, `${size} bytes at ${offset}`);
    return bytes;
  }

  /** Type and size in seven-bit groups, then the base of a delta: Documentation/gitformat-pack.txt. */
  #header(offset: number): Header {
    const bytes = bytesAt(this.#file, offset, Math.min(64, this.#file.size - offset));
    let at = 1;
    let size = bytes[0]! & 0x0f;
    for (let scale = 16; bytes[at - 1]! >= 0x80; scale *= 128) size += (bytes[at++]! & 0x7f) * scale;
    const type = (bytes[0]! >> 4) & 7;
    if (type === namedDelta) {
      const baseId = Buffer.from(bytes.subarray(at, at + 20)).toString("hex");
      return { type, size, start: offset + at + 20, baseId };
    }
    if (type !== offsetDelta) return { type, size, start: offset + at };
    let back = bytes[at]! & 0x7f;
    while (bytes[at++]! >= 0x80) back = (back + 1) * 128 + (bytes[at]! & 0x7f);
    // A delta that is its own base would be looked for without end.
    if (back === 0 || back > offset) throw damaged(this.#file.path, "the base of a delta before it");
    return { type, size, start: offset + at, baseOffset: offset - back };
  }
}
