import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addDims,
  canonicalDim,
  type Dim,
  divideDims,
  evaluateDim,
  floorDivideDim,
  linearDim,
  multiplyDims,
  sameShape,
  showShape,
  sizeOfShape,
  subtractDims,
  symbolsOf,
} from "./dims.ts";

const lengths = new Map([
  ["B", 3],
  ["T", 5],
  ["P", 7],
]);
const dims: fc.Arbitrary<Dim> = fc.oneof(
  fc.nat(9),
  fc.constantFrom("B", "T", "P", "2*B*T", "P+T", "T-1", "3*B+2*T-4", "B*B"),
);
const numberOf = (dim: Dim) => evaluateDim(dim, lengths);

test("addDims(), subtractDims() and multiplyDims() compute what the numbers would give", () => {
  fc.assert(
    fc.property(dims, dims, (a, b) => {
      expect(numberOf(addDims(a, b))).toBe(numberOf(a) + numberOf(b));
      expect(numberOf(subtractDims(a, b))).toBe(numberOf(a) - numberOf(b));
      expect(numberOf(multiplyDims(a, b))).toBe(numberOf(a) * numberOf(b));
    }),
  );
});

test("equal lengths have equal text", () => {
  fc.assert(
    fc.property(dims, dims, (a, b) => {
      expect(addDims(a, b)).toBe(addDims(b, a));
      expect(multiplyDims(a, b)).toBe(multiplyDims(b, a));
      expect(subtractDims(addDims(a, b), b)).toBe(canonicalDim(a));
    }),
  );
});

test("divideDims() undoes multiplyDims(), and says when it cannot", () => {
  expect(divideDims("6*B*T", "2*B")).toBe("3*T");
  expect(divideDims(multiplyDims("P+T", "B"), "B")).toBe("P+T");
  expect(divideDims("3*B", 2)).toBeUndefined();
  expect(divideDims("B", "T")).toBeUndefined();
  expect(divideDims("P+T", "P+T")).toBe(1);
});

test("floorDivideDim() rounds down where the symbols come in multiples", () => {
  expect(floorDivideDim("320*T+80", 5)).toBe("64*T+16");
  expect(floorDivideDim("4*T-1", 2)).toBe("2*T-1");
  expect(floorDivideDim("3*T", 2)).toBeUndefined();
  expect(floorDivideDim(7, 2)).toBe(3);
});

test("canonicalDim() orders symbols and refuses what is no sum of products", () => {
  expect(canonicalDim("T*2*B")).toBe("2*B*T");
  expect(canonicalDim("1+T-1")).toBe("T");
  expect(() => canonicalDim("T/2")).toThrow(expect.objectContaining({ code: "DIM_SYNTAX" }));
  expect(() => canonicalDim("")).toThrow(expect.objectContaining({ code: "DIM_SYNTAX" }));
  expect(() => canonicalDim(-1)).toThrow(expect.objectContaining({ code: "DIM_NEGATIVE" }));
});

test("shapes show themselves, their size and their symbols", () => {
  expect(showShape(["B", 2, 3])).toBe("[B, 2, 3]");
  expect(sizeOfShape(["B", 2, 3])).toBe("6*B");
  expect(symbolsOf("2*B*T+P")).toEqual(["B", "T", "P"]);
  expect(sameShape(["B", 1], ["B", 1])).toBe(true);
  expect(sameShape(["B", 1], ["B"])).toBe(false);
});

test("linearDim() reads the symbol off a length that one symbol decides", () => {
  expect(linearDim("320*T+80")).toEqual({ symbol: "T", coefficient: 320, offset: 80 });
  expect(linearDim("T")).toEqual({ symbol: "T", coefficient: 1, offset: 0 });
  expect(linearDim("P+T")).toBeUndefined();
  expect(linearDim("B*T")).toBeUndefined();
  expect(linearDim(7)).toBeUndefined();
});
