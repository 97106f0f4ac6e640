import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { askAll, memoryCache, SubjectError } from "#evals";
import { answer, failures, samples, setup, subjectOf } from "./doubles.ts";

const { serverError, rateLimit, tooLong } = failures;

test("askAll() stores every answer once and asks again for none of them", async () => {
  const desk = setup();
  let calls = 0;
  const subject = subjectOf(() => {
    calls++;
    return answer("yes");
  });

  const first = await askAll({ ...desk, subject, samples: samples(100) });
  const second = await askAll({ ...desk, subject, samples: samples(120) });

  expect(first).toEqual({ asked: 100, skipped: 0, failed: 0, cached: 0 });
  expect(second).toEqual({ asked: 20, skipped: 100, failed: 0, cached: 0 });
  expect(calls).toBe(120);
  expect(desk.answers.answers.size).toBe(120);
});

test("askAll() reads no more samples than it may have in flight, and never has more in flight than allowed", async () => {
  const desk = setup({ startConcurrency: 3, maxConcurrency: 3 });
  let [read, inFlight, highest] = [0, 0, 0];
  function* counted() {
    for (const sample of samples(50)) {
      read++;
      yield sample;
    }
  }
  const ahead: number[] = [];
  const subject = subjectOf(async () => {
    highest = Math.max(highest, ++inFlight);
    await setTimeout(1);
    ahead.push(read - desk.answers.answers.size);
    inFlight--;
    return answer("yes");
  });

  await askAll({ ...desk, subject, samples: counted() });

  expect(highest).toBe(3);
  expect(Math.max(...ahead)).toBeLessThanOrEqual(4);
});

test("askAll() reads samples from an asynchronous source", async () => {
  const desk = setup();
  async function* slow() {
    for (const sample of samples(5)) {
      await setTimeout(1);
      yield sample;
    }
  }

  expect(await askAll({ ...desk, subject: subjectOf(() => answer("x")), samples: slow() })).toMatchObject({ asked: 5 });
});

test("askAll() asks again after a transient error and stores the answer that came", async () => {
  const desk = setup();
  const tries = new Map<string, number>();
  const subject = subjectOf((question) => {
    const text = JSON.stringify(question.parts);
    tries.set(text, (tries.get(text) ?? 0) + 1);
    if (tries.get(text)! < 3) throw new SubjectError("test", serverError);
    return answer("yes");
  });

  const summary = await askAll({ ...desk, subject, samples: samples(10) });

  expect(summary).toEqual({ asked: 10, skipped: 0, failed: 0, cached: 0 });
  expect([...tries.values()]).toEqual(Array(10).fill(3));
  expect(desk.clock.waits).toHaveLength(20);
});

test("askAll() stores a question that failed for good as null with its error, once an answer shows it was no outage", async () => {
  const desk = setup();
  const subject = subjectOf(({ parts }) => {
    if (JSON.stringify(parts).includes("Question 3")) throw new SubjectError("test", tooLong);
    return answer("yes");
  });

  const summary = await askAll({ ...desk, subject, samples: samples(10) });

  expect(summary).toMatchObject({ asked: 10, failed: 1 });
  expect(desk.answers.answers.get("test/subject s3 0")).toMatchObject({
    text: null,
    finishReason: "error",
    error: { kind: "permanent", message: "400 too long" },
  });
});

test("askAll() halves its concurrency at 429 and grows again", async () => {
  const desk = setup({ startConcurrency: 2, maxConcurrency: 32 });
  let calls = 0;
  const limits: number[] = [];
  const subject = subjectOf(async () => {
    const call = ++calls;
    await setTimeout(1);
    limits.push(desk.scheduler.lane(subject).concurrency.limit);
    if (call === 200) throw new SubjectError("test", rateLimit);
    return answer("yes");
  });

  await askAll({ ...desk, subject, samples: samples(1000) });

  expect(Math.max(...limits.slice(0, 200))).toBe(32);
  expect(Math.min(...limits.slice(200))).toBe(16);
  expect(limits.at(-1)).toBeGreaterThan(20);
});

test("askAll() sends nothing to a provider while the wait it asked for lasts", async () => {
  const desk = setup({ startConcurrency: 4, maxConcurrency: 4 });
  let quietUntil = 0;
  let calls = 0;
  const subject = subjectOf(async () => {
    expect(desk.clock.now()).toBeGreaterThanOrEqual(quietUntil);
    await setTimeout(1);
    if (++calls % 10 !== 0) return answer("yes");
    quietUntil = desk.clock.now() + 30_000;
    throw new SubjectError("test", { ...rateLimit, waitMs: 30_000 });
  });

  expect(await askAll({ ...desk, subject, samples: samples(60) })).toMatchObject({ asked: 60, failed: 0 });
});

test("askAll() takes from the cache what it may, and puts no empty, refused or failed answer there", async () => {
  const cache = memoryCache();
  let calls = 0;
  const texts: Record<string, string | null> = { "Question 1": "", "Question 2": null };
  const subject = subjectOf(({ parts }) => {
    calls++;
    const [part] = parts;
    const text = part?.type === "text" ? texts[part.text] : undefined;
    return text === null ? answer(null, { finishReason: "refusal" }) : answer(text ?? "yes");
  });

  await askAll({ ...setup(), cache, subject, samples: samples(4) });
  const again = await askAll({ ...setup(), cache, subject, samples: samples(4) });

  expect(calls).toBe(6);
  expect(again).toMatchObject({ asked: 4, cached: 2 });
});

test("askAll() reports progress in batches, and once more at the end", async () => {
  const desk = setup();
  const done: number[] = [];

  await askAll({
    ...desk,
    subject: subjectOf(() => answer("x")),
    samples: samples(500),
    total: 500,
    onProgress: (progress) => done.push(progress.done),
  });

  expect(done).toEqual([500]);
});
