import { expect, test } from "vitest";
import { colorClasses, colorMaterials, colorPictures, colorShares, colorTruth } from "./colors.ts";

const options = { seed: 0, size: 32, perClass: 50 } as const;
const train = colorPictures({ ...options, split: "train" });
const test80 = colorPictures({ ...options, split: "test" });

test("colorPictures() splits four to one, and no picture is in both splits", () => {
  const names = [...train, ...test80].map(({ name }) => name);

  expect([train.length, test80.length]).toEqual([80, 20]);
  expect(new Set(names).size).toBe(100);
  expect(names.filter((name) => name < "color-0050").length).toBe(50);
});

test("colorPictures() paints both colours of a class and no other, on zero to two black cells", () => {
  const counts = new Set<string>();
  for (const { label, cells } of train) {
    const [first, second] = label === 0 ? ["red", "yellow"] : ["blue", "green"];
    const count = (material: string) => cells.filter((cell) => cell === material).length;
    expect(count(first) + count(second) + count("black")).toBe(4);
    counts.add(`${count(first)} ${count(second)} ${count("black")}`);
  }

  expect([...counts].sort()).toEqual(["1 1 2", "2 1 1", "2 2 0"]);
  expect(colorClasses).toEqual(["red and yellow", "blue and green"]);
});

test("colorPictures() is pure at a quarter, and half and half in the middle and at the border", () => {
  const [one] = colorPictures({ seed: 3, size: 224, perClass: 1, split: "train" });
  const { pixels } = one!;
  const at = (y: number, x: number) => [...pixels.data.subarray((y * 224 + x) * 3, (y * 224 + x) * 3 + 3)];
  const left = at(56, 56);
  const right = at(56, 168);

  for (const [y, x] of [
    [56, 112],
    [56, 0],
  ] as const) {
    for (let channel = 0; channel < 3; channel++) {
      expect(Math.abs(at(y, x)[channel]! - (left[channel]! + right[channel]!) / 2)).toBeLessThan(3);
    }
  }
});

test("colorShares() adds up to one in each patch, and colorTruth() is what there is most of", () => {
  for (const picture of train.slice(0, 5)) {
    const shares = colorShares(picture, 4);
    const truth = colorTruth(picture, 4);

    expect(shares.length).toBe(64 * 5);
    for (let at = 0; at < 64; at++) {
      const row = shares.subarray(at * 5, at * 5 + 5);
      expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      expect(row[truth[at]!]).toBe(Math.max(...row));
    }
    // The patch around a cell's middle holds that cell's material alone, or nearly so.
    expect(colorMaterials[truth[2 * 8 + 2]!]).toBe(picture.cells[0]);
  }
});

test("colorPictures() are the same for the same seed, and others for another", () => {
  const again = colorPictures({ ...options, split: "train" });
  const other = colorPictures({ ...options, seed: 1, split: "train" });

  expect(again[7]).toEqual(train[7]);
  expect(other[7]!.pixels.data).not.toEqual(train[7]!.pixels.data);
});
