import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tensor } from "#base";
import { columnMask, scope, sgd, tap, tensorType } from "#engine";
import { type TrainingEvent, type TrainingTask, train } from "#training";
import { bitsOf, toyOptions, toyTask, trainToy } from "./toy.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-training-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("train() lowers the loss and tells of every step", async () => {
  const events: TrainingEvent[] = [];

  const result = await trainToy(60, { onEvent: (event) => events.push(event) });

  const losses = events.flatMap((event) => (event.type === "step-end" ? [event.loss] : []));
  const average = (from: number) => losses.slice(from, from + 10).reduce((sum, loss) => sum + loss, 0) / 10;
  expect(losses).toHaveLength(60);
  expect(average(50)).toBeLessThan(average(0) / 2);
  expect(result).toMatchObject({ status: "finished", step: 60, loss: losses.at(-1) });
  expect([events[0]!.type, events.at(-1)!.type]).toEqual(["training-start", "training-end"]);
});

test("train() gives the same weights twice, and others for another seed", async () => {
  const first = await trainToy(5);
  const second = await trainToy(5);
  const other = await train({ ...toyTask(5), seed: 6 }, toyOptions);

  expect(bitsOf(second.weights)).toBe(bitsOf(first.weights));
  expect(bitsOf(other.weights)).not.toBe(bitsOf(first.weights));
});

test("train() with accumulated batches steps along their mean gradient", async () => {
  const weights = () => ({ w: tensor([1], [1]) });
  const batch = { x: tensorType("float32", ["B"]) };
  const task = (parts: readonly number[][]) =>
    ({
      name: "mean",
      weights: weights(),
      batch,
      steps: 1,
      seed: 0,
      optimizer: sgd(),
      learningRate: 0.125,
      loss: ({ weights, batch }) => batch.x.mul(weights.w).square().mean(),
      nextBatch: ({ part }) => ({ x: tensor([parts[part]!.length], parts[part]!) }),
    }) satisfies TrainingTask<ReturnType<typeof weights>, typeof batch>;

  const apart = await train(task([[1], [2]]), { batchesPerStep: 2 });
  const together = await train(task([[1, 2]]));

  expect([...apart.weights.w.data]).toEqual([...together.weights.w.data]);
  expect(apart.loss).toBe(2.5);
});

test("train() resumes to the same bits after a stop, from a checkpoint that it wrote then", async () => {
  const calm = await trainToy(20);
  const stop = new AbortController();
  const events: TrainingEvent[] = [];
  const onEvent = (event: TrainingEvent) => {
    events.push(event);
    if (event.type === "step-end" && event.step === 7) stop.abort();
  };

  const checkpoints = { folder, every: 100 };
  const stopped = await trainToy(20, { checkpoints, onEvent, signal: stop.signal });
  const resumed = await trainToy(20, { checkpoints, onEvent: (event) => events.push(event) });

  expect(stopped).toMatchObject({ status: "stopped", step: 7 });
  expect(events.find((event) => event.type === "training-start" && event.step === 7)).toMatchObject({
    resumedFrom: join(folder, "step-00000007.safetensors"),
  });
  expect(bitsOf(resumed.weights)).toBe(bitsOf(calm.weights));
});

test("train() keeps the latest checkpoints, clears what a killed process left, and starts over when told to", async () => {
  writeFileSync(join(folder, "step-00000099.safetensors.123.draft"), "half");

  await trainToy(6, { checkpoints: { folder, every: 2, keep: 2 } });
  const names = readdirSync(folder).sort();
  const again = await trainToy(6, { checkpoints: { folder, every: 2, resume: false } });

  expect(names).toEqual(["step-00000004.safetensors", "step-00000006.safetensors"]);
  expect(again.loss).not.toBeNull();
});

test("train() that starts over leaves no later checkpoint of the training before it to go on from", async () => {
  await trainToy(8, { checkpoints: { folder, every: 4 } });
  const stop = new AbortController();
  const events: TrainingEvent[] = [];
  const onEvent = (event: TrainingEvent) => {
    if (event.type === "step-end" && event.step === 3) stop.abort();
  };

  const stopped = await trainToy(8, {
    checkpoints: { folder, every: 100, resume: false },
    onEvent,
    signal: stop.signal,
  });
  const resumed = await trainToy(8, { checkpoints: { folder, every: 100 }, onEvent: (event) => events.push(event) });

  expect(stopped).toMatchObject({ status: "stopped", step: 3 });
  expect(events[0]).toMatchObject({ type: "training-start", step: 3 });
  expect(bitsOf(resumed.weights)).toBe(bitsOf((await trainToy(8)).weights));
  expect(readdirSync(folder).sort()).toEqual(["step-00000003.safetensors", "step-00000008.safetensors"]);
});

test("train() refuses to go on with other masks, groups or fixed tensors, which no shape tells apart", async () => {
  const batch = { x: tensorType("float32", ["B", 2]) };
  const task = (base: number) => {
    const weights = { a: tensor([2, 2], [1, 2, 3, 4]), b: tensor([2, 2], [1, 2, 3, 4]) };
    return {
      name: "parts",
      weights,
      fixed: { base: tensor([2, 2], [base, 0, 0, 1]) },
      batch,
      steps: 2,
      seed: 0,
      optimizer: sgd(),
      learningRate: 0.1,
      loss: ({ weights, fixed, batch }) => batch.x.matmul(fixed.base.add(weights.a).mul(weights.b)).sum(),
      nextBatch: () => ({ x: tensor([1, 2], [1, 1]) }),
    } satisfies TrainingTask<typeof weights, typeof batch, { base: ReturnType<typeof tensor> }>;
  };
  const options = (column: number, slow: string) => ({
    checkpoints: { folder, every: 2 },
    masks: { a: columnMask([2, 2], column) },
    groups: [{ match: (path: string) => path === slow, rateFactor: 0.1 }],
  });
  await train(task(1), options(0, "a"));

  const [mask, group, fixed] = [options(1, "a"), options(0, "b"), options(0, "a")];

  await expect(train(task(1), mask)).rejects.toThrowError("got another masks");
  await expect(train(task(1), group)).rejects.toThrowError("got another groups");
  await expect(train(task(2), fixed)).rejects.toThrowError("got another fixed tensors");
  await expect(train(task(1), options(0, "a"))).resolves.toMatchObject({ step: 2 });
});

test("train() refuses a checkpoint whose notes are no JSON", async () => {
  await trainToy(2, { checkpoints: { folder, every: 2 } });
  const [file] = readdirSync(folder);
  const bytes = readFileSync(join(folder, file!));
  bytes.write("!", bytes.indexOf('"settings":"{') + '"settings":"'.length);
  writeFileSync(join(folder, file!), bytes);

  const resumed = trainToy(2, { checkpoints: { folder, every: 2 } });

  await expect(resumed).rejects.toMatchObject({ code: "CHECKPOINT_INVALID" });
});

test("train() refuses to go on from the checkpoint of another training, and says what differs", async () => {
  await trainToy(2, { checkpoints: { folder, every: 2 } });

  const other = train({ ...toyTask(4), seed: 9 }, { ...toyOptions, clipNorm: 3, checkpoints: { folder, every: 2 } });

  await expect(other).rejects.toMatchObject({ code: "CHECKPOINT_MISMATCH" });
  await expect(other).rejects.toThrowError(/got another seed, clip norm; name another folder, or set resume: false/);
});

test("train() evaluates on its schedule and after the last step", async () => {
  const events: TrainingEvent[] = [];
  const measure = async (_: unknown, step: number) => ({ twice: 2 * step });

  await trainToy(5, { evaluation: { every: 2, measure }, onEvent: (event) => events.push(event) });

  const found = events.flatMap((event) => (event.type === "evaluation-end" ? [event.metrics.twice] : []));
  expect(found).toEqual([4, 8, 10]);
});

/** log(w x): not a number from the step on at which x is negative. */
function fragile(xAt: (step: number) => number) {
  const weights = { w: tensor([1], [1]) };
  const batch = { x: tensorType("float32", ["B"]) };
  return {
    name: "fragile",
    weights,
    batch,
    steps: 9,
    seed: 0,
    optimizer: sgd(),
    learningRate: 1e-3,
    loss({ weights, batch }) {
      const scaled = scope("blocks.0", () => tap("scaled", batch.x.mul(weights.w)));
      return scope("blocks.1", () => tap("logarithm", scaled.log())).mean();
    },
    nextBatch: ({ step }) => ({ x: tensor([1], [xAt(step)]) }),
  } satisfies TrainingTask<typeof weights, typeof batch>;
}

test("train() stops at a loss that is not finite, names the tap, and keeps the last good checkpoint", async () => {
  const task = fragile((step) => (step < 4 ? 1 : -1));

  const trained = train(task, { checkpoints: { folder, every: 2 } });

  await expect(trained).rejects.toMatchObject({
    code: "LOSS_NOT_FINITE",
    details: { step: 5, place: { kind: "tap", name: "blocks.1.logarithm" } },
  });
  await expect(trained).rejects.toThrowError(
    /a finite loss, got NaN at step 5; it came up first in tap "blocks\.1\.logarithm".*last good checkpoint is .*step-00000004/,
  );
});

test("train() stops before a step along a gradient that is not finite, and names the weight", async () => {
  const weights = { w: tensor([1], [0]) };
  const batch = { x: tensorType("float32", ["B"]) };
  const task = {
    name: "root",
    weights,
    batch,
    steps: 2,
    seed: 0,
    optimizer: sgd(),
    learningRate: 1,
    loss: ({ weights, batch }) => batch.x.mul(weights.w).sqrt().mean(),
    nextBatch: () => ({ x: tensor([1], [1]) }),
  } satisfies TrainingTask<typeof weights, typeof batch>;

  await expect(train(task)).rejects.toThrowError(
    /not finite for "w" at step 1; every tap is finite: it came up in the backward/,
  );
  expect([...weights.w.data]).toEqual([0]);
});

test("train() never writes a checkpoint of weights that are not finite", async () => {
  const task = { ...fragile(() => 1), learningRate: 1e38, weights: { w: tensor([1], [1e-3]) }, steps: 1 };

  const trained = train(task, { checkpoints: { folder, every: 1 } });

  await expect(trained).rejects.toMatchObject({ code: "LOSS_NOT_FINITE", details: { step: 1, checkpoint: null } });
  expect(readdirSync(folder)).toEqual([]);
});

test("train() trains what a mask shows and hands frozen tensors to the loss", async () => {
  const weights = { w: tensor([2, 2], [1, 2, 3, 4]) };
  const batch = { x: tensorType("float32", ["B", 2]) };
  const task = {
    name: "fixed",
    weights,
    fixed: { base: tensor([2, 2], [1, 0, 0, 1]) },
    batch,
    steps: 2,
    seed: 0,
    optimizer: sgd(),
    learningRate: 0.1,
    loss: ({ weights, fixed, batch }) => batch.x.matmul(fixed.base.add(weights.w)).sum(),
    nextBatch: () => ({ x: tensor([1, 2], [1, 1]) }),
  } satisfies TrainingTask<typeof weights, typeof batch, { base: ReturnType<typeof tensor> }>;

  await train(task, { masks: { w: tensor([2, 2], [0, 1, 0, 0], "bool") } });

  expect([weights.w.data[0], weights.w.data[2], weights.w.data[3]]).toEqual([1, 3, 4]);
  expect(weights.w.data[1]).toBeCloseTo(1.8, 6);
});

test("train() refuses numbers that cannot be", async () => {
  const none = train({ ...toyTask(1), steps: 0 });
  const keep = trainToy(1, { checkpoints: { folder, every: 1, keep: 0 } });

  await expect(none).rejects.toThrowError("train: Expected a whole number above zero for steps, got 0");
  await expect(keep).rejects.toThrowError("above zero for checkpoints.keep, got 0");
  for (const clipNorm of [0, -1, Number.NaN]) {
    await expect(trainToy(1, { clipNorm })).rejects.toThrowError(`above zero for clipNorm, got ${clipNorm}`);
  }
});
