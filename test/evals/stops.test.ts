import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { askAll, SubjectError } from "#evals";
import { answer, exact, failures, MemoryStore, samples, setup, subjectOf } from "./doubles.ts";

const { serverError, rateLimit, tooLong } = failures;

test("askAll() stops after k questions in a row that failed alike, and stores none of them", async () => {
  const desk = setup({ breakerAfter: 4, retriesPerQuestion: 2 });
  let calls = 0;
  const subject = subjectOf(() => {
    if (++calls <= 20) return answer("yes");
    throw new SubjectError("test", { ...serverError, message: `500 down (request req_${calls}abc)` });
  });

  const summary = await askAll({ ...desk, subject, samples: samples(1000) });

  expect(summary.stopped?.reason).toBe("breaker");
  expect(summary.stopped?.message).toMatch(/4 questions in a row failed with "500 down.*resume/);
  expect(summary).toMatchObject({ asked: 20, failed: 0 });
  expect(desk.answers.answers.size).toBe(20);
  expect(calls).toBeLessThanOrEqual(20 + (4 + 16) * 3);
});

test("askAll() keeps its breaker closed while answers come between the errors", async () => {
  const desk = setup({ breakerAfter: 2, startConcurrency: 1, maxConcurrency: 1 });
  let calls = 0;
  const subject = subjectOf(() => {
    if (++calls % 2 === 0) throw new SubjectError("test", tooLong);
    return answer("yes");
  });

  expect(await askAll({ ...desk, subject, samples: samples(40) })).toMatchObject({ asked: 40, failed: 20 });
});

test("askAll() stops at once at an error that meets every question", async () => {
  const desk = setup({ startConcurrency: 1 });
  let calls = 0;
  const subject = subjectOf(() => {
    calls++;
    throw new SubjectError("test", { ...tooLong, code: "unauthorized", message: "401 wrong key", stops: true });
  });

  const summary = await askAll({ ...desk, subject, samples: samples(50) });

  expect(summary.stopped).toMatchObject({ reason: "access", message: expect.stringContaining("401 wrong key") });
  expect(summary.asked).toBe(0);
  expect(calls).toBe(1);
});

test("askAll() never retries more than the run allows", async () => {
  const desk = setup({ spareRetries: 7, retriesPerQuestion: 100, breakerAfter: 1000 });
  let calls = 0;
  const subject = subjectOf(() => {
    calls++;
    throw new SubjectError("test", rateLimit);
  });

  const summary = await askAll({ ...desk, subject, samples: samples(50) });

  expect(summary.stopped?.reason).toBe("retries");
  expect(desk.scheduler.retries).toBe(7);
  expect(calls).toBeLessThanOrEqual(7 + 16);
});

test("askAll() ends the run when the provider asks for a longer wait than it may take", async () => {
  const desk = setup({ longestWaitMs: 60_000 });
  const subject = subjectOf(() => {
    throw new SubjectError("test", { ...rateLimit, waitMs: 3_600_000 });
  });

  const summary = await askAll({ ...desk, subject, samples: samples(60) });

  expect(summary.stopped).toMatchObject({ reason: "quota", message: expect.stringContaining("3600 s") });
  expect(desk.answers.answers.size).toBe(0);
});

test("askAll() drains at an abort: what is in flight is stored, nothing new starts", async () => {
  const desk = setup({ startConcurrency: 5, maxConcurrency: 5 });
  const controller = new AbortController();
  let calls = 0;
  const subject = subjectOf(async () => {
    if (++calls === 12) controller.abort();
    await setTimeout(2);
    return answer("yes");
  });

  const summary = await askAll({ ...desk, subject, samples: samples(1000), signal: controller.signal });

  expect(summary.stopped?.reason).toBe("abort");
  expect(summary.asked).toBe(calls);
  expect(desk.answers.answers.size).toBe(calls);
  expect(calls).toBeLessThanOrEqual(13);
});

test("askAll() cuts a wait short at an abort and leaves its question open", async () => {
  const controller = new AbortController();
  const answers = new MemoryStore();
  const subject = subjectOf(() => {
    controller.abort();
    throw new SubjectError("test", { ...serverError, waitMs: 500_000 });
  });

  const summary = await askAll({ answers, score: exact, subject, samples: samples(3), signal: controller.signal });

  expect(summary).toMatchObject({ asked: 0, stopped: { reason: "abort" } });
  expect(answers.answers.size).toBe(0);
});

test("askAll() stops before the call that could pass the budget", async () => {
  const price = { input: 1, output: 10 };
  for (const budget of [{ tokens: 500 }, { usd: 0.0006 }]) {
    const desk = setup({ budget, priceOf: () => price });
    const subject = subjectOf(async () => {
      await setTimeout(1);
      return answer("yes", { usage: { inputTokens: 20, outputTokens: 5 } });
    });

    const summary = await askAll({ ...desk, subject, samples: samples(1000, { sampling: { maxTokens: 4 } }) });

    const { tokens, usd } = desk.scheduler.budget.spent;
    expect(summary.stopped?.reason).toBe("budget");
    expect(tokens).toBe(summary.asked * 25);
    expect(summary.asked).toBeGreaterThan(5);
    if (budget.tokens) expect(tokens).toBeLessThanOrEqual(budget.tokens);
    else expect(usd).toBeLessThanOrEqual(budget.usd!);
  }
});

test("askAll() refuses a budget in dollars for a subject without a price", async () => {
  const desk = setup({ budget: { usd: 1 } });

  const asking = askAll({ ...desk, subject: subjectOf(() => answer("x")), samples: samples(1) });

  await expect(asking).rejects.toMatchObject({ code: "PRICE_UNKNOWN" });
});

test("askAll() warns at a silence, then stops and gives up what is in flight", async () => {
  const desk = setup({ stall: { warnAfterMs: 1000, stopAfterMs: 5000 } });
  const notices: string[] = [];
  const subject = subjectOf(
    (_question, { signal }) =>
      new Promise((_, reject) => {
        signal?.addEventListener("abort", () => reject(new Error("gone")));
      }),
  );

  const asking = askAll({ ...desk, subject, samples: samples(9), onNotice: (message) => notices.push(message) });
  await setTimeout(5);
  for (const ms of [900, 200, 200, 4000]) {
    desk.clock.advance(ms);
    desk.clock.tick();
  }

  expect(await asking).toMatchObject({ asked: 0, stopped: { reason: "stall" } });
  expect(notices).toEqual(["test/subject: No answer for 1 s; still waiting"]);
});

test("askAll() ends with the error of the store, after what was in flight had its chance", async () => {
  const desk = setup();
  const full = new (class extends MemoryStore {
    override commit(...args: Parameters<MemoryStore["commit"]>) {
      if (this.answers.size === 5) throw new Error("disk full");
      super.commit(...args);
    }
  })();

  const asking = askAll({ ...desk, answers: full, subject: subjectOf(() => answer("x")), samples: samples(50) });

  await expect(asking).rejects.toThrow("disk full");
  expect(full.answers.size).toBe(5);
});
