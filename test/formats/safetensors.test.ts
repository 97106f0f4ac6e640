import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AssayError, type DType, sizeOf, type Tensor, tensor } from "#base";
import {
  byteLengthOf,
  firstNonFinite,
  openCheckpoint,
  type StorageType,
  sourceOf,
  storageOf,
  type TensorSource,
  writeCheckpoint,
  writeSafetensors,
} from "#formats";
import golden from "../golden/formats/safetensors.golden.json" with { type: "json" };
import { scratchFolder } from "./scratch-folder.ts";

const reference = Buffer.from(golden.file, "base64");

function referenceFile(): string {
  const file = join(scratchFolder(), "reference.safetensors");
  writeFileSync(file, reference);
  return file;
}

type GoldenValue = { words?: number[]; longWords?: string[]; integers?: string[] };

/** NaN bits differ between machines; every other bit counts. */
const wordsOf = (values: Float32Array): number[] => [...new Uint32Array(values.buffer, 0, values.length)];

test("Checkpoint.read() gives the values of the reference implementation for every storage type", () => {
  using checkpoint = openCheckpoint(referenceFile());

  for (const [name, value] of Object.entries(golden.values as Record<string, GoldenValue>)) {
    const { data, shape } = checkpoint.read(name);
    expect(shape).toEqual(golden.shapes[name as keyof typeof golden.shapes]);
    if (value.words) expect(wordsOf(data as Float32Array), name).toEqual(value.words);
    if (value.longWords) expect([...new BigInt64Array(data.buffer)].map(String), name).toEqual(value.longWords);
    if (value.integers) expect([...data].map(String), name).toEqual(value.integers);
  }
});

test("Checkpoint.read() refuses what it cannot widen, and readRaw() still reads it", () => {
  using checkpoint = openCheckpoint(referenceFile());

  expect(() => checkpoint.read("float8")).toThrow('"float8" is stored as F8_E4M3, which is read raw only');
  expect([...checkpoint.readRaw("float8")]).toEqual([0x30, 0xc0]);
});

test("writeSafetensors() writes the reference implementation's file, byte for byte", () => {
  using checkpoint = openCheckpoint(referenceFile());
  const copy = join(scratchFolder(), "copy.safetensors");

  const sources: TensorSource[] = [...checkpoint.tensors.values()].reverse().map(({ name, shape, storage }) => ({
    name,
    shape,
    storage,
    load: () => checkpoint.readRaw(name),
  }));
  writeSafetensors(copy, sources, { metadata: checkpoint.metadata });

  expect(readFileSync(copy).equals(reference)).toBe(true);
});

const numbers: { readonly [D in DType]: fc.Arbitrary<number | bigint> } = {
  float32: fc.float(),
  float64: fc.double(),
  int32: fc.integer(),
  int64: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  bool: fc.nat(1),
};

const anyTensor: fc.Arbitrary<Tensor> = fc
  .tuple(fc.constantFrom(...(Object.keys(numbers) as DType[])), fc.array(fc.nat(4), { maxLength: 4 }))
  .chain(([dtype, shape]) => {
    const length = sizeOf(shape);
    const values = fc.array<number | bigint>(numbers[dtype], { minLength: length, maxLength: length });
    return values.map((list) => tensor(shape, list, dtype));
  });

test("writeSafetensors() and openCheckpoint() keep every tensor of every shape", () => {
  const file = join(scratchFolder(), "x.safetensors");
  const named = fc.dictionary(
    fc.string().filter((name) => name !== "__metadata__"),
    anyTensor,
  );
  fc.assert(
    fc.property(named, (tensors) => {
      writeSafetensors(
        file,
        Object.entries(tensors).map(([name, value]) => sourceOf(name, value)),
      );
      using checkpoint = openCheckpoint(file);

      expect(checkpoint.tensors.size).toBe(Object.keys(tensors).length);
      for (const [name, value] of Object.entries(tensors)) expect(checkpoint.read(name)).toEqual(value);
    }),
  );
});

test("openCheckpoint() answers damaged bytes with tensors or an AssayError, never with a crash", () => {
  const file = join(scratchFolder(), "x.safetensors");
  const end = reference.indexOf("}}") + 40;
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(end), fc.nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = Buffer.from(reference);
      for (const [at, value] of changes) bytes[at] = value;
      writeFileSync(file, bytes);
      try {
        using checkpoint = openCheckpoint(file);
        for (const name of checkpoint.tensors.keys()) checkpoint.readRaw(name);
      } catch (error) {
        expect(error).toBeInstanceOf(AssayError);
      }
    }),
    { numRuns: 300 },
  );
});

test("openCheckpoint() refuses a file cut at any length", () => {
  const file = join(scratchFolder(), "x.safetensors");
  fc.assert(
    fc.property(fc.nat(reference.length - 1), (length) => {
      writeFileSync(file, reference.subarray(0, length));

      expect(() => openCheckpoint(file)).toThrow(AssayError);
    }),
  );
});

test("openCheckpoint() allocates nothing for a header that claims to be huge", () => {
  const file = join(scratchFolder(), "x.safetensors");
  const bytes = Buffer.alloc(64, " ");
  bytes.writeBigUInt64LE(2n ** 63n + 5n);
  writeFileSync(file, bytes);

  expect(() => openCheckpoint(file)).toThrow("got a header of 9223372036854775813 in a file of 64 bytes");
});

test("Checkpoint.read() says so when the file shrank after it was opened", () => {
  const file = referenceFile();
  using checkpoint = openCheckpoint(file);
  truncateSync(file, reference.length - 4);

  const last = [...checkpoint.tensors.keys()].at(-1)!;
  expect(() => checkpoint.readRaw(last)).toThrow("it is cut short");
});

test("Checkpoint.read() fills a given array and refuses one of another type or length", () => {
  using checkpoint = openCheckpoint(referenceFile());
  const into = new Float32Array(64);

  expect(checkpoint.read("bfloat16", { into }).data).toBe(into);
  expect(() => checkpoint.read("bfloat16", { into: new Float32Array(63) })).toThrow(
    "Expected room for 64 float32 values",
  );
  expect(() => checkpoint.read("int64", { into: new Float32Array(6) })).toThrow("int64 values");
});

test("Checkpoint.readRows() gives the rows of the whole tensor, across the chunks of widening", () => {
  const file = join(scratchFolder(), "x.safetensors");
  const values = Float32Array.from({ length: 700 * 1000 }, (_, at) => (at % 251) - 125);
  writeSafetensors(file, [sourceOf("w", tensor([700, 1000], values), "BF16")]);
  using checkpoint = openCheckpoint(file);

  expect(checkpoint.read("w").data).toEqual(values);
  expect(checkpoint.readRows("w", { from: 3, to: 699 })).toEqual(tensor([696, 1000], values.slice(3000, 699_000)));
  expect(checkpoint.readRows("w", { from: 700, to: 700 }).data).toHaveLength(0);
  expect(() => checkpoint.readRows("w", { from: 0, to: 701 })).toThrow('rows within "w" [700, 1000], got 0 to 701');
});

test("Checkpoint.entry() names the closest tensor when one is missing", () => {
  using checkpoint = openCheckpoint(referenceFile());

  expect(() => checkpoint.entry("bfloat1")).toThrow('the closest name is "bfloat16"');
  expect(() => checkpoint.entry("model.scalar")).toThrow('the closest name is "scalar"');
});

const threeTensors = ["c", "a", "b"].map((name, at) => sourceOf(name, tensor([2, 8], new Float32Array(16).fill(at))));

test("writeCheckpoint() spreads tensors over shards that openCheckpoint() reads as one", () => {
  const folder = scratchFolder();
  writeCheckpoint(folder, threeTensors, { maxShardBytes: 130, metadata: { format: "pt" } });

  expect(readdirSync(folder).sort()).toEqual([
    "model-00001-of-00002.safetensors",
    "model-00002-of-00002.safetensors",
    "model.safetensors.index.json",
  ]);
  using checkpoint = openCheckpoint(folder);
  expect([...checkpoint.tensors.keys()]).toEqual(["a", "b", "c"]);
  expect(checkpoint.read("b").data[0]).toBe(2);
  expect(checkpoint.metadata).toEqual({ format: "pt" });
  const index = JSON.parse(readFileSync(join(folder, "model.safetensors.index.json"), "utf8"));
  expect(index.metadata.total_size).toBe(192);
});

test("writeCheckpoint() replaces a checkpoint only on purpose, and leaves no stale shard", () => {
  const folder = scratchFolder();
  writeCheckpoint(folder, threeTensors, { maxShardBytes: 64 });

  expect(() => writeCheckpoint(folder, threeTensors)).toThrow("overwrite it on purpose");
  writeCheckpoint(folder, threeTensors, { overwrite: true });
  expect(readdirSync(folder)).toEqual(["model.safetensors"]);
});

test("writeSafetensors() leaves the former file untouched when a tensor cannot be written", () => {
  const folder = scratchFolder();
  const file = join(folder, "x.safetensors");
  writeSafetensors(file, threeTensors);
  const former = readFileSync(file);

  const wrong = { ...sourceOf("a", tensor([2], [1, 2])), load: () => tensor([3], [1, 2, 3]) };
  expect(() => writeSafetensors(file, [wrong])).toThrow('Expected 8 bytes for "a" [2] F32, got 12');
  expect(readFileSync(file)).toEqual(former);
  expect(readdirSync(folder)).toEqual(["x.safetensors"]);
});

function shardedFolder(edit: (index: { weight_map: Record<string, string> }) => void): string {
  const folder = scratchFolder();
  writeCheckpoint(folder, threeTensors, { maxShardBytes: 64 });
  const path = join(folder, "model.safetensors.index.json");
  const index = JSON.parse(readFileSync(path, "utf8"));
  edit(index);
  writeFileSync(path, JSON.stringify(index));
  return folder;
}

test.each([
  ["a missing shard", "b", "model-00009-of-00003.safetensors", "found none"],
  ["a tensor in another shard", "b", "model-00001-of-00003.safetensors", 'Expected "b" in model-00001-of-00003'],
  ["a path out of the folder", "b", "../secret.safetensors", '"../secret.safetensors" as the file of "b"'],
  ["a backslash", "b", "..\\secret.safetensors", 'as the file of "b"'],
  ["a tensor that is nowhere", "z", "model-00001-of-00003.safetensors", 'Expected "z"'],
])("openCheckpoint() refuses an index with %s", (...[, name, shard, message]) => {
  const folder = shardedFolder((index) => {
    index.weight_map[name] = shard;
  });

  expect(() => openCheckpoint(folder)).toThrow(message);
});

test("openCheckpoint() refuses an index whose file names are nested too deep to be written out", () => {
  const folder = scratchFolder();
  const deep = `${"[".repeat(1e5)}${"]".repeat(1e5)}`;
  writeFileSync(join(folder, "model.safetensors.index.json"), `{"weight_map":{"a":${deep}}}`);

  expect(() => openCheckpoint(folder)).toThrow('got no text as the file of "a"');
});

test("openCheckpoint() says what it looked for", () => {
  expect(() => openCheckpoint(scratchFolder())).toThrow("Expected model.safetensors or");
  expect(() => openCheckpoint("/nowhere")).toThrow("at /nowhere, found nothing");
});

const weights = join(process.env.ASSAY_SHARED ?? "../shared", "weights");
const real = existsSync(weights) ? readdirSync(weights, { recursive: true, encoding: "utf8" }) : [];

test.skipIf(real.length === 0).for(real.filter((name) => name.endsWith(".safetensors")))(
  "openCheckpoint() reads every tensor of %s, all finite",
  (name) => {
    using checkpoint = openCheckpoint(join(weights, name));

    expect(checkpoint.tensors.size).toBeGreaterThan(0);
    for (const entry of checkpoint.tensors.values()) {
      const value = checkpoint.read(entry.name);
      expect(firstNonFinite(value), entry.name).toBeUndefined();
      const storage: StorageType = entry.storage;
      if (storageOf[value.dtype] === storage) expect(value.data.byteLength).toBe(byteLengthOf(entry));
    }
  },
);
