import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { labelAgreement, pointing, seedAgreement } from "./concept-maps.ts";
import { curveArea, deletionOrder, deletionSteps } from "./deletion.ts";
import { faithfulness, sparsity, stability } from "./explanations.ts";
import { logisticRegression } from "./logistic-regression.ts";

const file = join(import.meta.dirname, "../../../test/golden/evals/explanations.golden.json");
const { regression, agreement } = JSON.parse(readFileSync(file, "utf8"));
const rowsOf = (rows: number[][]) => rows.map((row) => Float64Array.from(row));
const of = (...numbers: number[][]) => rowsOf(numbers);

test("logisticRegression() is scikit-learn's, for three classes and for two", () => {
  const [train, held] = [rowsOf(regression.train), rowsOf(regression.test)];

  const three = logisticRegression({ rows: train, labels: regression.labels }, { classes: 3 });
  const two = logisticRegression({ rows: train, labels: regression.binary }, { classes: 2 });

  for (const [at, row] of held.entries()) {
    for (const n of [0, 1, 2]) expect(three.probabilities(row)[n]).toBeCloseTo(regression.probabilities[at][n], 5);
    for (const n of [0, 1]) expect(two.probabilities(row)[n]).toBeCloseTo(regression.binaryProbabilities[at][n], 5);
  }
});

test("logisticRegression() scales features that hardly move as scikit-learn does, and leaves one that never moves", () => {
  const flat = (rows: number[][]) =>
    rows.map((row) => Float64Array.from([...row.map((value) => 0.2 + 1e-9 * value), 0.1]));

  const found = logisticRegression({ rows: flat(regression.train), labels: regression.labels }, { classes: 3 });

  for (const [at, row] of flat(regression.test).entries()) {
    for (const n of [0, 1, 2]) expect(found.probabilities(row)[n]).toBeCloseTo(regression.flatProbabilities[at][n], 5);
  }
});

test("faithfulness() is the accuracy of that regression, beside chance and the soft variant", () => {
  const [train, held] = [rowsOf(regression.train), rowsOf(regression.test)];
  const test = { rows: held, labels: regression.truth, probabilities: regression.probabilities };

  const found = faithfulness({ train: { rows: train, labels: regression.labels }, test, classes: 3 });

  expect(found.hard).toBe(regression.accuracy);
  expect(found.soft).toBeCloseTo(0, 8);
  expect(found.chance).toBeLessThan(found.hard);
  expect(found.perImage.length).toBe(20);
});

test("faithfulness() with one answer is certain, with constant θ it is chance, and with no images refused", () => {
  const flat = of([1, 1], [1, 1], [1, 1]);

  const single = faithfulness({
    train: { rows: flat, labels: [1, 1, 1] },
    test: { rows: flat, labels: [1, 1, 0] },
    classes: 2,
  });
  const constant = faithfulness({
    train: { rows: flat, labels: [1, 1, 0] },
    test: { rows: flat, labels: [1, 0, 0] },
    classes: 2,
  });

  expect([single.hard, constant.hard, constant.chance]).toEqual([2 / 3, 1 / 3, 1 / 3]);
  expect(single.soft).toBeNull();
  const none = { rows: [], labels: [] };
  expect(() => faithfulness({ train: none, test: none, classes: 2 })).toThrow("faithfulness: Expected test images");
  const short = { rows: flat, labels: [1, 0] };
  expect(() => faithfulness({ train: { rows: flat, labels: [1, 1, 0] }, test: short, classes: 2 })).toThrow(
    "2 and 3 for 3",
  );
  expect(() => logisticRegression({ rows: flat, labels: [0, 1, 5] }, { classes: 2 })).toThrow(
    "labels below 2, got 3 rows with labels 0, 1, 5",
  );
});

test("stability() by hand: two images, one of which turns into the other", () => {
  const thetas = of([1, 0], [0, 1]);

  const found = stability(thetas, of([1, 0], [1, 0]));

  expect(found.perImage).toEqual([0, Math.SQRT2]);
  expect(found.raw).toBeCloseTo(Math.SQRT1_2, 12);
  expect(found.corrected).toBeCloseTo(0.5, 12);
  expect(found.retrieval).toBe(0.5);
});

test("stability() of a flat θ is near perfect in the paper's number, and chance in the corrected one", () => {
  const near = (shift: number) => Float64Array.from([0.5 + shift, 0.5 - shift]);

  const found = stability([near(0.001), near(-0.001)], [near(-0.001), near(0.001)]);

  expect(found.raw).toBeLessThan(0.01);
  expect(found.corrected).toBeCloseTo(1, 9);
  expect(stability(of([1, 1]), of([1, 1])).corrected).toBeNull();
  expect(() => stability([], [])).toThrow("stability: Expected pairs");
});

test("sparsity() counts what lies below a tenth of a fair share, signed or not", () => {
  expect(sparsity(of([0.99, 0.01, 0, 0])).value).toBe(0.75);
  expect(sparsity(of([-4, 4, 0, 0], [1, 1, 1, 1])).value).toBe(0.25);
  expect(sparsity(of([0, 0])).value).toBe(1);
});

test("labelAgreement() is scikit-learn's, and purity by hand", () => {
  const found = labelAgreement(agreement.first, agreement.second);

  expect(found.nmi).toBeCloseTo(agreement.nmi, 10);
  expect(found.ari).toBeCloseTo(agreement.ari, 10);
  expect(labelAgreement([0, 0, 0, 1], [5, 5, 6, 6]).purity).toBe(0.75);
  expect(labelAgreement([3, 3, 4], [1, 1, 2])).toEqual({ purity: 1, nmi: 1, ari: 1 });
  expect(() => labelAgreement([1], [1, 2])).toThrow("same items, got 1 and 2");
});

test("pointing() by hand, and pictures without the object do not count", () => {
  const maps = [
    { values: [0.9, 0.1, 0.5, 0], inside: [true, false, false, true] },
    { values: [0, 1, 0, 0], inside: [false, false, true, false] },
    { values: [0, 1], inside: [false, false] },
  ];

  expect(pointing(maps)).toEqual({ accuracy: 0.5, chance: 0.375, iou: 1 / 6, n: 2 });
  expect(pointing([])).toEqual({ accuracy: null, chance: null, iou: null, n: 0 });
});

test("seedAgreement() pairs concepts whatever their order, and a concept that never moves counts nothing", () => {
  const first = of([1, 0, 0.5], [0, 1, 0.5], [0.5, 0.2, 0.5]);
  const turned = first.map((row) => Float64Array.from([row[2]!, row[0]!, row[1]!]));

  const found = seedAgreement(first, turned);

  expect(found.partners).toEqual([1, 2, 0]);
  expect(found.correlations.map((value) => Number(value.toFixed(9)))).toEqual([1, 1, 0]);
  expect(() => seedAgreement(first, first.slice(1))).toThrow("seedAgreement: Expected the same images");
});

test("deletionOrder(), deletionSteps() and curveArea() by hand", () => {
  expect(deletionOrder([0.1, 0.7, 0.7, 0.2])).toEqual([1, 2, 3, 0]);
  expect(deletionSteps([1, 2, 3, 0], 2)).toEqual([[], [1, 2], [1, 2, 3, 0]]);
  expect(curveArea([1, 0.5, 0])).toBe(0.5);
  expect(() => curveArea([1])).toThrow("at least two values, got 1");
});
