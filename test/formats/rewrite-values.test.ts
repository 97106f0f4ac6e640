import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Tensor, tensor } from "#base";
import { leavesOf } from "#engine";
import { copyFile, copyWithValues, isVacant, makeFolder, openCheckpoint, sourceOf, writeSafetensors } from "#formats";
import { openModelFolder, readWeight, type StoredWeight, storedValues } from "#models";

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
