import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Tensor, tensor } from "#base";
import { leavesOf } from "#engine";
import {
  copyFile,
  copyWithValues,
  isVacant,
  makeFolder,
  openCheckpoint,
  realPath,
  sourceOf,
  writeSafetensors,
} from "#formats";
import { openModelFolder, readWeight, type StoredWeight, storedValues } from "#models";
import { memorySource } from "../../src/formats/files/byte-source.ts";
import { checksumOf, packedPart, readZipDirectory, type ZipEntry } from "../../src/formats/files/zip.ts";
import golden from "../golden/formats/pytorch.golden.json" with { type: "json" };

const home = mkdtempSync(join(tmpdir(), "assay-rewrite-"));
afterAll(() => rmSync(home, { recursive: true }));
const source = join(home, "source.safetensors");
writeSafetensors(source, [sourceOf("a", tensor([2], [1, 2])), sourceOf("b", tensor([1, 2], [3, 4]), "F16")], {
  metadata: { note: "kept" },
});
const bytes = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

test("copyWithValues() changes the bytes of the named tensors alone, and back again to the same file", () => {
  const [edited, back] = [join(home, "edited.safetensors"), join(home, "back.safetensors")];

  copyWithValues(source, edited, new Map([["a", bytes(5, 6)]]));
  copyWithValues(edited, back, new Map([["a", bytes(1, 2)]]));

  using opened = openCheckpoint(edited);
  expect([...opened.read("a").data]).toEqual([5, 6]);
  expect([...opened.read("b").data]).toEqual([3, 4]);
  expect(opened.metadata.note).toBe("kept");
  expect(readFileSync(back)).toEqual(readFileSync(source));
});

const torchFile = (name: string): string => {
  const path = join(home, `${name}.bin`);
  writeFileSync(path, Buffer.from(golden.files.find((made) => made.name === name)!.file, "base64"));
  return path;
};

/** Every entry of an archive whose checksum is that of its bytes. */
function soundEntries(path: string): string[] {
  const source = memorySource(path, readFileSync(path));
  const isSound = (entry: ZipEntry) => checksumOf(packedPart(source, entry)) === entry.crc;
  return readZipDirectory(source)
    .filter(isSound)
    .map(({ name }) => name);
}

test("copyWithValues() changes a file of torch.save in place, checksums included, and back again to the same file", () => {
  const kinds = torchFile("kinds");
  const [edited, back] = [join(home, "edited.bin"), join(home, "back.bin")];
  using original = openCheckpoint(kinds);

  copyWithValues(kinds, edited, new Map([["float32", bytes(1, 2, 3, 4, 5, 6)]]));
  copyWithValues(edited, back, new Map([["float32", original.readRaw("float32")]]));

  using opened = openCheckpoint(edited);
  expect([...opened.read("float32").data]).toEqual([1, 2, 3, 4, 5, 6]);
  expect(opened.readRaw("float16")).toEqual(original.readRaw("float16"));
  expect(soundEntries(edited)).toEqual(soundEntries(kinds));
  expect(soundEntries(edited).length).toBeGreaterThan(3);
  expect(readFileSync(back)).toEqual(readFileSync(kinds));
});

test("copyWithValues() leaves a checksum alone that was wrong before, so that the old values give the old file", () => {
  const [unsummed, edited, back] = ["unsummed.bin", "edited-unsummed.bin", "back-unsummed.bin"].map((name) =>
    join(home, name),
  );
  const raw = Buffer.from(readFileSync(torchFile("kinds")));
  const entry = readZipDirectory(memorySource("kinds", raw)).find(({ name }) => name.endsWith("data/0"))!;
  for (const position of [entry.record + 16, entry.header + 14]) raw.writeUInt32LE(7, position);
  writeFileSync(unsummed!, raw);

  copyWithValues(unsummed!, edited!, new Map([["float32", bytes(1, 2, 3, 4, 5, 6)]]));
  using original = openCheckpoint(unsummed!);
  copyWithValues(edited!, back!, new Map([["float32", original.readRaw("float32")]]));

  expect(readFileSync(back!)).toEqual(raw);
  expect(soundEntries(edited!)).toEqual(soundEntries(unsummed!));
});

test("copyWithValues() refuses a tensor whose numbers lie in pieces", () => {
  const views = torchFile("views");
  using opened = openCheckpoint(views);

  const values = new Map([["transposed", opened.readRaw("transposed")]]);

  expect(() => copyWithValues(views, join(home, "pieces.bin"), values)).toThrowError("write the folder anew");
});

test("copyWithValues() refuses a name that is not there and bytes of another length, and leaves no draft", () => {
  const target = join(home, "never", "x.safetensors");

  expect(() => copyWithValues(source, target, new Map([["c", bytes(1)]]))).toThrowError('has no tensor "c"');
  expect(() => copyWithValues(source, target, new Map([["a", bytes(1)]]))).toThrowError('8 bytes for "a", got 4');
  expect(readdirSync(join(home, "never"))).toEqual([]);
});

test("copyFile() and makeFolder() make the folders above, and isVacant() tells whether files lie in one", () => {
  makeFolder(join(home, "empty/below"));
  writeFileSync(join(home, "one.txt"), "one");
  copyFile(join(home, "one.txt"), join(home, "deep/er/two.txt"));

  expect(readFileSync(join(home, "deep/er/two.txt"), "utf8")).toBe("one");
  expect(["nowhere", "empty/below", "deep/er"].map((name) => isVacant(join(home, name)))).toEqual([true, true, false]);
});

test("realPath() follows links", () => {
  makeFolder(join(home, "target"));
  symlinkSync(join(home, "target"), join(home, "link"));

  expect(realPath(join(home, "link"))).toBe(realPath(join(home, "target")));
});

test("storedValues() turns what readWeight() turned, back to the checkpoint's own numbers", () => {
  const { checkpoint, plan } = openModelFolder(join(import.meta.dirname, "../golden/models/llama"));
  const weights = [...leavesOf<StoredWeight>(plan).values()];

  for (const weight of weights) {
    const ours = readWeight(checkpoint, weight) as Tensor<"float32">;
    expect(storedValues(weight, ours).data).toEqual(checkpoint.read(weight.name).data);
  }
  const shared = { ...weights[0]!, rows: [[0, 1]] as const };
  expect(() => storedValues(shared, tensor([1, 1], [0]))).toThrowError("which has several");
  checkpoint.close();
});
