import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { stream } from "#base";
import { alignRows } from "./align-rows.ts";
import { mergeMethodOf, mergeMethods } from "./merge-tensor.ts";
import { mergeLinear, mergeSlerp, mergeTasks } from "./rules.ts";
import { settingAt } from "./settings.ts";
import { dropAndRescale, trimByMagnitude } from "./sparsify.ts";

interface Golden {
  readonly base: number[];
  readonly models: number[][];
  readonly tasks: readonly {
    readonly method: string;
    readonly weights: number[];
    readonly densities: number[];
    readonly settings: Readonly<Record<string, number | boolean>>;
    readonly result: number[];
  }[];
  readonly linear: readonly { readonly weights: number[]; readonly normalize: boolean; readonly result: number[] }[];
  readonly slerp: readonly { readonly t: number; readonly other: number[]; readonly result: number[] }[];
  readonly trim: readonly { readonly density: number; readonly result: number[] }[];
  readonly settings: readonly {
    readonly setting: unknown;
    readonly name: string;
    readonly t: number;
    readonly value: number;
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL("../../../test/golden/methods/merging.golden.json", import.meta.url), "utf8"),
) as Golden;

const base = Float32Array.from(golden.base);
const models = golden.models.map((numbers) => Float32Array.from(numbers));
const place = { name: "blocks.0.mlp.down.weight", depth: 0 };
const random = () => stream(0, "test");
const numbers = fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 1, maxLength: 40 });
const closeTo = (found: Float32Array, expected: ArrayLike<number>, digits = 5) => {
  for (const [at, number] of found.entries()) expect(number, `entry ${at}`).toBeCloseTo(expected[at]!, digits);
};

test.each(
  golden.tasks.map((one) => [one.method, JSON.stringify([one.weights, one.densities, one.settings]), one] as const),
)("mergeMethods.%s agrees with mergekit for %s", (_, __, { method, weights, densities, settings, result }) => {
  const parts = models.map((data, at) => ({ data, settings: [{ weight: weights[at]!, density: densities[at]! }] }));

  const found = mergeMethods[mergeMethodOf(method)].merge({
    place,
    base,
    parts,
    random: random(),
    settings: [settings],
  });

  closeTo(found, result);
});

test("mergeLinear() agrees with mergekit", () => {
  for (const { weights, normalize, result } of golden.linear) {
    const weighted = models.map((data, at) => ({ data, weight: weights[at]! }));

    closeTo(mergeLinear(weighted, { normalize }), result);
  }
});

test("mergeSlerp() agrees with mergekit, parallel, opposed and empty tensors included", () => {
  for (const { t, other, result } of golden.slerp) closeTo(mergeSlerp(base, Float32Array.from(other), t), result);
});

test("trimByMagnitude() agrees with mergekit", () => {
  const task = models[0]!.map((number, at) => number - base[at]!);

  for (const { density, result } of golden.trim) closeTo(trimByMagnitude(task, density), result);
});

test("settingAt() agrees with mergekit's filters and gradients", () => {
  for (const { setting, name, t, value } of golden.settings) {
    expect(
      Number(settingAt(setting as never, { name, depth: t })),
      `${JSON.stringify(setting)} ${name} ${t}`,
    ).toBeCloseTo(value, 12);
  }
});

test("mergeTasks() of one whole task of weight one gives that model back, elected or not", () => {
  fc.assert(
    fc.property(numbers, fc.boolean(), (list, elect) => {
      const model = Float32Array.from(list);
      const start = new Float32Array(model.length);

      closeTo(mergeTasks(start, [{ data: trimByMagnitude(model, 1), weight: 1 }], { elect, normalize: elect }), model);
    }),
  );
});

test("mergeLinear() of equal models gives the same model, whatever they weigh", () => {
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (list, a, b) => {
      const data = Float32Array.from(list);

      closeTo(
        mergeLinear([
          { data, weight: a },
          { data, weight: b },
        ]),
        data,
      );
    }),
  );
});

test("mergeLinear() refuses weights that cancel out", () => {
  expect(() =>
    mergeLinear([
      { data: base, weight: 1 },
      { data: base, weight: -1 },
    ]),
  ).toThrow(/Expected weights with a sum/);
});

test("mergeSlerp() begins at one model and ends at the other", () => {
  closeTo(mergeSlerp(base, models[0]!, 0), base);
  closeTo(mergeSlerp(base, models[0]!, 1), models[0]!);
});

test("mergeSlerp() keeps the length of two tensors of one length", () => {
  const [a, b] = [Float32Array.of(3, 0, 4), Float32Array.of(0, 5, 0)];

  expect(Math.hypot(...mergeSlerp(a, b, 0.3))).toBeCloseTo(5, 5);
});

test("trimByMagnitude() keeps exactly the entries asked for, among equal ones the first", () => {
  expect([...trimByMagnitude(Float32Array.of(1, -1, 1, 1), 0.5)]).toEqual([1, -1, 0, 0]);
});

test.each(["l1", "density"] as const)(
  "dropAndRescale() by %s leaves the mean of many draws where it was",
  (rescaling) => {
    const task = Float32Array.from({ length: 300 }, (_, at) => 2 + Math.sin(at));
    const draws = 2000;
    let first = 0;

    for (let draw = 0; draw < draws; draw++) {
      const thinned = dropAndRescale(task, { density: 0.5, rescaling, random: stream(draw, "dare") });
      first += thinned[0]! / draws;
    }

    // Five standard errors of the mean of 2,000 draws that are 0 or twice the number.
    expect(Math.abs(first / task[0]! - 1)).toBeLessThan(5 / Math.sqrt(draws));
  },
);

test("dropAndRescale() by l1 keeps the sum of magnitudes, by density divides by the share kept", () => {
  const task = Float32Array.from({ length: 400 }, (_, at) => Math.sin(at + 1));
  const sum = (list: Float32Array) => list.reduce((total, number) => total + Math.abs(number), 0);

  const [l1, scaled, plain] = (["l1", "density", "none"] as const).map((rescaling) =>
    dropAndRescale(task, { density: 0.3, rescaling, random: random() }),
  );

  expect(sum(l1!)).toBeCloseTo(sum(task), 2);
  for (const [at, number] of plain!.entries()) expect(scaled![at]).toBeCloseTo(number / 0.3, 4);
  expect(plain!.filter((number) => number !== 0).length / 400).toBeCloseTo(0.3, 1);
});

test("dropAndRescale() keeps everything at density one", () => {
  expect(dropAndRescale(base, { density: 1, rescaling: "l1", random: random() })).toBe(base);
});

test("mergeMethods.dare_linear draws the same for the same seed and another for another", () => {
  const merge = (seed: number) =>
    mergeMethods.dare_linear.merge({
      place,
      base,
      random: stream(seed, "merge/dare"),
      settings: [],
      parts: [{ data: models[0]!, settings: [{ weight: 1, density: 0.5 }] }],
    });

  expect(merge(1)).toEqual(merge(1));
  expect(merge(1)).not.toEqual(merge(2));
});

test("mergeMethodOf() names the nearest way of merging", () => {
  expect(() => mergeMethodOf("tie")).toThrow(/the nearest known is ties/);
});

test("alignRows() gives a missing token the base's row, the only row, or the mean, and spare rows the mean of all", () => {
  const rows = [Int32Array.of(0, 1, -1, -1), Int32Array.of(-1, 0, 1, 2), Int32Array.of(0, -1, 1, -1)];
  const embeddings = [
    { data: Float32Array.of(1, 2), width: 1 },
    { data: Float32Array.of(10, 20, 30), width: 1 },
    { data: Float32Array.of(100, 200), width: 1 },
  ];

  const [first, second, third] = alignRows(embeddings, { union: { rows, vocabularySize: 4 }, base: 0, size: 5 });

  expect([...first!]).toEqual([1, 2, 110, 30, 35.75]);
  expect([...second!]).toEqual([1, 10, 20, 30, 15.25]);
  expect([...third!]).toEqual([100, 2, 200, 30, 83]);
});
