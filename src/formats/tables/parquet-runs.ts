import { readVarInt } from "hyparquet/src/thrift.js";

/** What a stream of runs announces: numbers of `width` bits, `values` of them. */
export interface Runs {
  readonly width: number;
  readonly values: number;
}

/**
 * Walks the runs of Parquet's hybrid of run lengths and packed bits without unpacking them, and refuses one that is
 * longer than what is left: hyparquet would write it out to its end, up to 2³¹ values.
 *
 * A packed run counts in eights, so the last one may be up to seven values too long.
 *
 * Source   Apache Parquet, Encodings.md, "Run Length Encoding / Bit-Packing Hybrid"
 */
export function checkRuns(view: DataView, offset: number, { width, values }: Runs): void {
  const reader = { view, offset };
  for (let seen = 0; seen < values; ) {
    const header = readVarInt(reader);
    const isPacked = (header & 1) === 1;
    const count = isPacked ? (header >>> 1) * 8 : header >>> 1;
    if (count >= values - seen + 8) throw new Error(`a run of ${count} values where ${values - seen} are left`);
    // Some writers leave out the bytes of an eight's places that hold no value.
    const held = isPacked ? Math.min(count, values - seen) * width : width;
    if (reader.offset + Math.ceil(held / 8) > view.byteLength) throw new Error("a run beyond its page");
    // hyparquet steps over a byte even where a packed run of no bits has none.
    reader.offset += isPacked ? Math.max(1, Math.ceil((count * width) / 8)) : Math.ceil(width / 8);
    seen += count;
  }
}
