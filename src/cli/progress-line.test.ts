import { expect, test } from "vitest";
import { deskDouble } from "./desk-double.ts";
import { createProgressLine, describe, readableDuration } from "./progress-line.ts";

const progress = {
  done: 120,
  total: 400,
  failed: 0,
  inFlight: 8,
  concurrency: 8,
  retries: 2,
  waitingMs: 0,
  tokens: 900,
};

test("describe() tells how far, how many retries, what it cost and the time left at the rate of this session", () => {
  const line = describe({ ...progress, costUsd: 0.125 }, { seconds: 10, before: 80 });

  expect(line).toBe("120/400  30 %  8 in flight  2 retries  $0.13  1m 10s left");
});

test("describe() promises no time left before there is a rate, and no share without a total", () => {
  const { total: _, ...open } = progress;

  expect(describe(progress, { seconds: 0, before: 120 })).not.toContain("left");
  expect(describe(open, { seconds: 10, before: 0 })).toBe("120  8 in flight  2 retries");
});

test("readableDuration() uses two units at most", () => {
  expect([0.2, 59, 60, 3599, 7260].map(readableDuration)).toEqual(["1s", "59s", "1m 0s", "59m 59s", "2h 1m"]);
});

test("createProgressLine() writes plain lines seldom where there is no terminal, and none when quiet", () => {
  const desk = deskDouble();
  let time = 10_000;
  const line = createProgressLine(desk, { quiet: false, now: () => time });
  const quiet = createProgressLine(desk, { quiet: true, now: () => time });

  line.begin("openai/x");
  for (; time < 16_000; time += 500) {
    line.update(progress);
    quiet.update(progress);
  }

  expect(desk.told).toHaveLength(2);
  expect(desk.told[0]).toContain("openai/x  120/400");
});

test("createProgressLine() tells which step a study that computes is at, and not those of before", () => {
  const desk = deskDouble({ isTerminal: true });
  let time = 0;
  const line = createProgressLine(desk, { quiet: false, now: () => time });
  const step = (name: string, cached = false): void => {
    line.event({ type: "step-start", step: name, cached });
    time += 35_000;
    line.event({ type: "step-end", step: name, cached });
  };

  step("mini:atlas: before", true);
  step("mini:atlas: rome, en");
  step("mini:atlas: rome, de");

  expect(desk.drawn).toEqual(["step 2  35s  mini:atlas: rome, en", "step 3  1m 10s  mini:atlas: rome, de"]);
});

test("createProgressLine() tells the time left where a study foresees its steps, at the rate of this session", () => {
  const desk = deskDouble({ isTerminal: true });
  let time = 0;
  const line = createProgressLine(desk, { quiet: false, now: () => time });
  const step = (name: string, cached = false): void => {
    line.event({ type: "step-start", step: name, cached });
    if (!cached) time += 30_000;
    line.event({ type: "step-end", step: name, cached });
  };

  line.event({ type: "steps-ahead", count: 3 });
  line.event({ type: "steps-ahead", count: 2 });
  step("a", true);
  step("b");
  step("c");

  expect(desk.drawn).toEqual(["step 2/5  b", "step 3/5  30s  about 1m 30s left  c"]);
});
