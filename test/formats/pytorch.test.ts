import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { AssayError } from "#base";
import { openCheckpoint, sourceOf, writeSafetensors } from "#formats";
import { torchGlobals } from "../../src/formats/pytorch/torch-names.ts";
import { unpickle } from "../../src/formats/pytorch/unpickle.ts";
import golden from "../golden/formats/pytorch.golden.json" with { type: "json" };
import { scratchFolder } from "./scratch-folder.ts";

type Described = Record<string, { shape: number[]; dtype: string; values: (string | number)[] }>;

function written(file: string, name = "pytorch_model.bin"): string {
  const path = join(scratchFolder(), name);
  writeFileSync(path, Buffer.from(file, "base64"));
  return path;
}

const fileOf = (name: string): string => golden.files.find((made) => made.name === name)!.file;

test.each(golden.files)("openCheckpoint() reads what torch.save wrote: $name", ({ file, tensors }) => {
  using checkpoint = openCheckpoint(written(file));

  expect([...checkpoint.tensors.keys()].sort()).toEqual(Object.keys(tensors).sort());
  for (const [name, { shape, values }] of Object.entries(tensors as unknown as Described)) {
    const read = checkpoint.read(name);
    expect(read.shape, name).toEqual(shape);
    expect([...read.data].map(String), name).toEqual(values.map(String));
  }
});

test("openCheckpoint() reads rows of a view that is not contiguous", () => {
  using checkpoint = openCheckpoint(written(fileOf("views")));
  const whole = checkpoint.read("transposed");

  const rows = checkpoint.readRows("transposed", { from: 2, to: 4 });

  expect(rows.shape).toEqual([2, 4]);
  expect([...rows.data]).toEqual([...whole.data.slice(8, 16)]);
});

test("openCheckpoint() reads tied tensors from the same place", () => {
  using checkpoint = openCheckpoint(written(fileOf("views")));

  expect(checkpoint.entry("tied").position).toBe(checkpoint.entry("whole").position);
});

test.each(golden.refused)("openCheckpoint() refuses by name, and never runs, $name", ({ file, names }) => {
  const open = () => openCheckpoint(written(file));

  expect(open).toThrow(AssayError);
  expect(open).toThrow(new RegExp(names));
  expect(open).toThrow(/nothing of it was run/);
});

test("openCheckpoint() says what an older format is", () => {
  expect(() => openCheckpoint(written(golden.legacy))).toThrow("one from before PyTorch 1.6");
});

test("openCheckpoint() takes safetensors before PyTorch's file, and shards by their index", () => {
  const folder = scratchFolder();
  for (const [name, made] of [
    ["pytorch_model-00001-of-00002.bin", "kinds"],
    ["pytorch_model-00002-of-00002.bin", "module"],
  ] as const) {
    writeFileSync(join(folder, name), Buffer.from(fileOf(made), "base64"));
  }
  const weight_map = { float32: "pytorch_model-00001-of-00002.bin", "0.weight": "pytorch_model-00002-of-00002.bin" };
  writeFileSync(join(folder, "pytorch_model.bin.index.json"), JSON.stringify({ weight_map }));

  using sharded = openCheckpoint(folder);
  expect([...sharded.tensors.keys()]).toEqual(["float32", "0.weight"]);
  expect(sharded.read("0.weight").shape).toEqual([2, 3]);

  copyFileSync(join(folder, "pytorch_model-00002-of-00002.bin"), join(folder, "pytorch_model.bin"));
  using single = openCheckpoint(folder);
  expect(single.tensors.has("1.bias")).toBe(true);

  writeSafetensors(join(folder, "model.safetensors"), [sourceOf("safe", sharded.read("float32"))]);
  using safe = openCheckpoint(folder);
  expect([...safe.tensors.keys()]).toEqual(["safe"]);
});

test.each([0x280, 0x4b50])(
  "openCheckpoint() takes no safetensors for a pickle or an archive: a header of %i bytes",
  (length) => {
    const header = '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'.padEnd(length);
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(BigInt(length));
    const path = join(scratchFolder(), "pytorch_model.bin");
    writeFileSync(path, Buffer.concat([prefix, Buffer.from(header), Buffer.from(new Float32Array([2.5]).buffer)]));

    using checkpoint = openCheckpoint(path);

    expect([...checkpoint.read("a").data]).toEqual([2.5]);
  },
);

test("openCheckpoint() says which keys a file without tensors by name has", () => {
  expect(() => openCheckpoint(written(golden.noTensors))).toThrow("no tensor by name (keys: step, args)");
});

const unpickled = (bytes: Uint8Array): unknown =>
  unpickle(bytes, { path: "x", globals: torchGlobals("x"), persistent: () => null });

test("unpickle() reads numbers, texts and containers of protocol 2", () => {
  const pickle =
    "\x80\x02](K\x01M\x01\x02J\xff\xff\xff\xffG\x3f\xf8\x00\x00\x00\x00\x00\x00\x8a\x01\xffN\x88\x89U\x01aX\x02\x00\x00\x00\xc3\xa9q\x05h\x05\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01e.";

  expect(unpickled(Buffer.from(pickle, "latin1"))).toEqual([
    1,
    513,
    -1,
    1.5,
    -1,
    null,
    true,
    false,
    "a",
    "é",
    "é",
    2n ** 64n,
  ]);
});

const codes = [..."\x80\x02cRbQ(aesut)\x85\x86\x87]}N\x88\x89JKMG\x8aXUhjqr.\n0iod\x81\x93"].map((letter) =>
  letter.charCodeAt(0),
);

test("unpickle() answers any bytes with a value or an AssayError, at once", () => {
  const byte = fc.oneof(fc.constantFrom(...codes), fc.nat(255));

  fc.assert(
    fc.property(fc.array(byte, { maxLength: 200 }), (bytes) => {
      try {
        unpickled(Uint8Array.from([0x80, 2, ...bytes]));
      } catch (error) {
        expect(error).toBeInstanceOf(AssayError);
      }
    }),
    { numRuns: 2000 },
  );
});

test("openCheckpoint() answers a damaged archive with tensors or an AssayError", () => {
  const whole = Buffer.from(fileOf("views"), "base64");
  const path = join(scratchFolder(), "model.pt");
  const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) });

  fc.assert(
    fc.property(
      fc.array(change, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 2, max: whole.length }),
      (changes, length) => {
        const bytes = Buffer.from(whole);
        for (const { at, byte } of changes) bytes[at] = byte;
        writeFileSync(path, length % 5 === 0 ? bytes.subarray(0, length) : bytes);
        try {
          using checkpoint = openCheckpoint(path);
          for (const name of checkpoint.tensors.keys()) checkpoint.read(name);
        } catch (error) {
          expect(error).toBeInstanceOf(AssayError);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("openCheckpoint() names a key that holds itself many times over only by its kind", () => {
  const byte = String.fromCharCode;
  const doubled = Array.from({ length: 60 }, (_, at) => `](h${byte(at)}h${byte(at)}eq${byte(at + 1)}`).join("");
  const pickle = Buffer.from(`\x80\x02]q\0${doubled}}h${byte(60)}Ns.`, "latin1");
  const path = join(scratchFolder(), "model.pt");
  writeFileSync(path, zipSync({ "x/data.pkl": [pickle, { level: 0 }] }));

  expect(() => openCheckpoint(path)).toThrow("no tensor by name (keys: object)");
});
