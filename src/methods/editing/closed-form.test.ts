import fc from "fast-check";
import { expect, test } from "vitest";
import { stream, tensor, zeros } from "#base";
import { type Matrix, product } from "#engine";
import { type ClosedForm, rankOneForm, spreadForm, transposed } from "./closed-form.ts";
import { lengthOf } from "./optimize.ts";
import { identityStatistics, keyStatistics } from "./statistics.ts";

const inputs = 9;
const outputs = 5;

function random(seed: number, rows: number, columns: number): Matrix {
  const draw = stream(seed, "closed forms");
  const values = Float64Array.from({ length: rows * columns }, () => draw.normal());
  return tensor([rows, columns], values, "float64");
}

async function momentOf(seed: number): Promise<Matrix> {
  const keys = random(seed, 4 * inputs, inputs);
  const sum = await product(keys, keys, { transposeA: true });
  return { ...sum, data: sum.data.map((value) => value / (4 * inputs)) };
}

const statisticsOf = (moment: Matrix) =>
  keyStatistics({ moment, positions: 1000, layer: 0, corpus: "draws" }, { epsilon: 0 });

const changeOf = ({ down, up }: ClosedForm): Promise<Matrix> => product(down, up);

/** kᵀ ΔW */
const mapped = async (key: Matrix, change: Matrix) => product(key, change, { transposeA: true });

function largestDifference(a: Matrix, b: Matrix): number {
  return a.data.reduce((most, value, at) => Math.max(most, Math.abs(value - b.data[at]!)), 0);
}

/** tr(ΔWᵀ C ΔW), which is what an edit moves other keys by. */
async function disturbance(moment: Matrix, change: Matrix): Promise<number> {
  const moved = await product(change, await product(moment, change), { transposeA: true });
  return Array.from({ length: outputs }, (_, at) => moved.data[at * outputs + at]!).reduce(
    (sum, value) => sum + value,
    0,
  );
}

async function oneFact(seed: number) {
  const moment = await momentOf(seed);
  const statistics = await statisticsOf(moment);
  const [key, delta] = [random(seed + 1, inputs, 1), random(seed + 2, 1, outputs)];
  const form = await rankOneForm({ meanKey: key.data, key: key.data, delta: delta.data }, statistics);
  return { moment, statistics, key, delta, form, change: await changeOf(form) };
}

test("rankOneForm() maps the key to its value to rounding, for any key", async () => {
  const property = fc.asyncProperty(fc.nat(10_000), async (seed) => {
    const { key, delta, change, form } = await oneFact(seed);

    expect(largestDifference(await mapped(key, change), delta)).toBeLessThan(1e-12 * lengthOf(delta.data));
    expect(form.residual).toBeLessThan(1e-12);
  });

  await fc.assert(property, { numRuns: 20 });
});

test("rankOneForm() maps the bare prompt's key exactly where the direction comes from the mean key", async () => {
  const statistics = await statisticsOf(await momentOf(3));
  const [key, noise, delta] = [random(4, inputs, 1), random(5, inputs, 1), random(6, 1, outputs)];
  const meanKey = key.data.map((value, at) => value + 0.2 * noise.data[at]!);

  const change = await changeOf(await rankOneForm({ meanKey, key: key.data, delta: delta.data }, statistics));

  expect(largestDifference(await mapped(key, change), delta)).toBeLessThan(1e-12);
});

test("rankOneForm() has rank one and leaves keys alone that C⁻¹ puts at a right angle", async () => {
  const { statistics, key, change, form } = await oneFact(11);
  const other = random(12, inputs, 1);
  const direction = await statistics.solve(key);
  const overlap = dot(other, direction) / dot(key, direction);
  const apart: Matrix = { ...other, data: other.data.map((value, at) => value - overlap * key.data[at]!) };

  const moved = await mapped(apart, change);

  expect([form.down.shape, form.up.shape]).toEqual([
    [inputs, 1],
    [1, outputs],
  ]);
  expect(lengthOf(moved.data)).toBeLessThan(1e-12);
});

test("rankOneForm() moves other keys less than any other change that keeps the bargain", async () => {
  const { moment, key, change } = await oneFact(21);
  const least = await disturbance(moment, change);

  for (let seed = 100; seed < 120; seed++) {
    const noise = random(seed, inputs, outputs);
    const share = await mapped(key, noise);
    const scale = dot(key, key);
    const feasible: Matrix = {
      ...noise,
      data: change.data.map((value, at) => {
        const [row, column] = [Math.floor(at / outputs), at % outputs];
        return value + 0.1 * (noise.data[at]! - (key.data[row]! * share.data[column]!) / scale);
      }),
    };
    expect(largestDifference(await mapped(key, feasible), await mapped(key, change))).toBeLessThan(1e-12);
    expect(await disturbance(moment, feasible)).toBeGreaterThan(least);
  }
});

test("rankOneForm() refuses a key that hardly points along the direction", async () => {
  const meanKey = Float64Array.from({ length: inputs }, (_, at) => (at === 0 ? 1 : 0));
  const key = Float64Array.from({ length: inputs }, (_, at) => (at === 0 ? 0.01 : 1));

  const formed = rankOneForm({ meanKey, key, delta: [1] }, identityStatistics(inputs));

  await expect(formed).rejects.toMatchObject({ code: "EDIT_DISABLING" });
  await expect(formed).rejects.toThrowError("got k·u = 0.0100 where the mean key has 1.00");
});

test("spreadForm() with one fact is α times ROME's change", async () => {
  const { statistics, key, delta, change } = await oneFact(31);
  const [share] = [dot(key, await statistics.solve(key))];

  for (const weight of [0.01, 1, 100]) {
    const spread = await spreadForm({ keys: key, residuals: delta }, { statistics, weight });
    const alpha = share / (weight + share);

    const expected: Matrix = { ...change, data: change.data.map((value) => alpha * value) };
    expect(largestDifference(await changeOf(spread), expected)).toBeLessThan(1e-12);
    expect(spread.residual).toBeLessThan(1e-12);
  }
});

test("spreadForm() is ROME as λ goes to zero, and nothing as it grows", async () => {
  const { statistics, key, delta, change } = await oneFact(41);
  const at = async (weight: number) =>
    changeOf(await spreadForm({ keys: key, residuals: delta }, { statistics, weight }));

  expect(largestDifference(await at(1e-12), change)).toBeLessThan(1e-10);
  expect(lengthOf((await at(1e12)).data)).toBeLessThan(1e-10);
  await expect(at(0)).rejects.toMatchObject({ code: "OPTION_RANGE" });
});

test("spreadForm() does not mind the order of the facts, and a fact given twice is one with λ halved", async () => {
  const statistics = await statisticsOf(await momentOf(51));
  const [keys, residuals] = [random(52, inputs, 3), random(53, 3, outputs)];
  const order = [2, 0, 1];
  const turned = {
    keys: transposed(rowsIn(transposed(keys), order)),
    residuals: rowsIn(residuals, order),
  };
  const one = { keys: transposed(rowsIn(transposed(keys), [0])), residuals: rowsIn(residuals, [0]) };
  const twice = { keys: transposed(rowsIn(transposed(keys), [0, 0])), residuals: rowsIn(residuals, [0, 0]) };

  const [given, permuted] = await Promise.all(
    [{ keys, residuals }, turned].map(async (facts) => changeOf(await spreadForm(facts, { statistics, weight: 0.5 }))),
  );
  const doubled = await changeOf(await spreadForm(twice, { statistics, weight: 0.5 }));
  const halved = await changeOf(await spreadForm(one, { statistics, weight: 0.25 }));

  expect(largestDifference(given!, permuted!)).toBeLessThan(1e-12);
  expect(largestDifference(doubled, halved)).toBeLessThan(1e-12);
});

test("spreadForm() leaves less missing than there was, and solves the system that it stands for", async () => {
  const moment = await momentOf(61);
  const statistics = await statisticsOf(moment);
  const [keys, residuals] = [random(62, inputs, 4), random(63, 4, outputs)];

  const form = await spreadForm({ keys, residuals }, { statistics, weight: 0.1 });
  const reached = await product(keys, await changeOf(form), { transposeA: true });

  const missing = residuals.data.map((value, at) => value - reached.data[at]!);
  expect(lengthOf(missing)).toBeLessThan(lengthOf(residuals.data));
  expect(form.residual).toBeLessThan(1e-12);
});

test("keyStatistics() says what C is made of, adds its ridge, and warns of too few tokens", async () => {
  const moment = await momentOf(71);

  const few = await keyStatistics({ moment, positions: 40, layer: 2, corpus: "draws" }, { epsilon: 0.5 });

  const trace = Array.from({ length: inputs }, (_, at) => moment.data[at * inputs + at]!).reduce((a, b) => a + b, 0);
  expect(few.label).toBe("C from 40 tokens of draws");
  expect(few.ridge).toBeCloseTo((0.5 * trace) / inputs, 12);
  expect(few.warnings[0]).toContain("fewer than 10 for each of 9 numbers");
  expect(few.condition).toBeGreaterThan(1);
  const x = random(72, inputs, 2);
  expect(largestDifference(await few.solve(await few.multiply(x)), x)).toBeLessThan(1e-12);
  expect(identityStatistics(4).label).toBe("C = I");
});

function dot(a: Matrix, b: Matrix): number {
  return a.data.reduce((sum, value, at) => sum + value * b.data[at]!, 0);
}

function rowsIn({ data, shape }: Matrix, order: readonly number[]): Matrix {
  const size = shape[1]!;
  const rows = zeros([order.length, size], "float64");
  for (const [at, row] of order.entries()) rows.data.set(data.subarray(row * size, (row + 1) * size), at * size);
  return rows;
}
