import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tensor } from "#base";
import { toBfloat16, toStoredBytes } from "./narrow.ts";

const golden: { narrowing: Record<"words" | "float16" | "bfloat16", number[]> } = JSON.parse(
  readFileSync(new URL("../../../test/golden/formats/safetensors.golden.json", import.meta.url), "utf8"),
);
const source = new Float32Array(Uint32Array.from(golden.narrowing.words).buffer);
const isNaNBits = (bits: number, exponent: number): boolean => (bits & 0x7fff) > exponent;

test("toBfloat16() rounds as PyTorch does, bit for bit, ties and subnormals included", () => {
  const bits = [...toBfloat16(source)].map((word) => (isNaNBits(word, 0x7f80) ? "NaN" : word));

  expect(bits).toEqual(golden.narrowing.bfloat16.map((word) => (isNaNBits(word, 0x7f80) ? "NaN" : word)));
});

test("toStoredBytes() rounds to float16 as PyTorch does, bit for bit", () => {
  const bytes = toStoredBytes("x", tensor([source.length], source), "F16");

  const bits = [...new Uint16Array(bytes.buffer)].map((word) => (isNaNBits(word, 0x7c00) ? "NaN" : word));
  expect(bits).toEqual(golden.narrowing.float16.map((word) => (isNaNBits(word, 0x7c00) ? "NaN" : word)));
});

test("toStoredBytes() refuses to turn a finite value into infinity", () => {
  const large = tensor([2], [1, 70_000]);

  expect(() => toStoredBytes("w", large, "F16")).toThrow(
    'Expected "w" to fit F16, got 70000 at 1; store it as BF16 or F32',
  );
  expect(() => toStoredBytes("w", tensor([1], [Number.POSITIVE_INFINITY]), "F16")).not.toThrow();
  expect(() => toStoredBytes("w", tensor([1], [3.4e38]), "BF16")).toThrow("store it as F32");
});

test("toStoredBytes() refuses to change integers", () => {
  expect(() => toStoredBytes("w", tensor([1], [1n], "int64"), "I32")).toThrow(
    'Expected I64 for the int64 "w", got I32',
  );
});
