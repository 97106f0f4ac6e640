import { afterEach, expect, test } from "vitest";
import {
  type AskAllOptions,
  askAll,
  createRedactor,
  resolveSubject,
  Scheduler,
  type SchedulerOptions,
  type ScoredAnswer,
} from "#evals";
import type { Behaviour } from "../server/behaviours.ts";
import { startServer, type TestServer, type TestServerOptions } from "../server/server.ts";
import { exact, jumpingClock, MemoryStore, samples } from "./doubles.ts";

const key = "sk-chaos-0123456789abcdef";
const patient = { backoff: { firstMs: 1, longestMs: 4 } };
const open: TestServer[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function desk(server: TestServerOptions, scheduler: SchedulerOptions = {}) {
  const started = await startServer(server);
  open.push(started);
  const environment = { OPENAI_COMPATIBLE_API_KEY: key };
  const subject = await resolveSubject(`openai-compatible/test@${started.url}/v1`, { environment });
  const answers = new MemoryStore();
  const asking = { subject, answers, score: exact, scheduler: new Scheduler({ ...patient, ...scheduler }) };
  return { server: started, ...asking } satisfies Partial<AskAllOptions<string>> & { server: TestServer };
}

const texts = (answers: MemoryStore): readonly (string | null)[] =>
  [...answers.answers.values()].map(({ text }) => text);

const everyTrouble = {
  slow: 0.02,
  "429": 0.05,
  "429-ms": 0.05,
  "429-seconds": 0.03,
  "429-x": 0.03,
  "429-anthropic": 0.03,
  "429-google": 0.03,
  "right-then-pause": 0.02,
  "500": 0.05,
  "503": 0.04,
  "529": 0.04,
  truncated: 0.05,
  html: 0.04,
  "wrong-type": 0.04,
  disconnect: 0.05,
  "disconnect-mid": 0.05,
  "secret-echo": 0.04,
} satisfies Partial<Record<Behaviour, number>>;

test("askAll() loses nothing and counts nothing twice, whatever the server does", async () => {
  const { server, ...asking } = await desk({ chances: everyTrouble, seed: 7 }, { maxConcurrency: 8 });

  const summary = await askAll({ ...asking, samples: samples(150) });

  expect(summary).toEqual({ asked: 150, skipped: 0, failed: 0, cached: 0 });
  expect(new Set(texts(asking.answers)).size).toBe(150);
  expect(texts(asking.answers).every((text) => text?.startsWith("answer "))).toBe(true);
  expect(Math.max(...server.log.map(({ nth }) => nth))).toBeLessThanOrEqual(3);
  expect(server.mostAtOnce).toBeLessThanOrEqual(8);
  expect(JSON.stringify([...asking.answers.answers])).not.toContain(key);
});

test("askAll() gives the same answers under trouble as without it", async () => {
  const calm = await desk({});
  const rough = await desk({ chances: everyTrouble, seed: 3 });

  await askAll({ ...calm, samples: samples(60) });
  await askAll({ ...rough, samples: samples(60) });

  const sorted = (answers: MemoryStore) => [...texts(answers)].sort();
  expect(sorted(rough.answers)).toEqual(sorted(calm.answers));
});

test("askAll() asks no more often than its retries allow when one question always fails", async () => {
  const { server, ...asking } = await desk({ patience: 100, chances: { "500": 0.1 } }, { retriesPerQuestion: 3 });
  server.misbehave("right", "500", "500", "500", "500");

  const summary = await askAll({ ...asking, samples: samples(2), scheduler: lone({ retriesPerQuestion: 3 }) });

  expect(summary).toMatchObject({ asked: 2, failed: 1 });
  expect(server.requests).toHaveLength(5);
  expect([...asking.answers.answers.values()][1]).toMatchObject({
    text: null,
    error: { kind: "transient", message: "500 server-error: The server had an error" },
  });
});

const lone = (options: SchedulerOptions) =>
  new Scheduler({ ...patient, startConcurrency: 1, maxConcurrency: 1, ...options });

test("askAll() counts a refusal, a filter and an empty answer as answers", async () => {
  const { server, ...asking } = await desk({});
  server.misbehave("refusal", "content-filter", "filter-error", "empty");

  const summary = await askAll({ ...asking, samples: samples(4), scheduler: lone({}) });

  expect(summary).toEqual({ asked: 4, skipped: 0, failed: 0, cached: 0 });
  expect(texts(asking.answers)).toEqual([null, null, null, ""]);
  expect(server.requests).toHaveLength(4);
});

test("askAll() stops at a wrong key, an empty account, a missing model and a day-long wait, and stores nothing of them", async () => {
  const reasons: Partial<Record<Behaviour, string>> = {
    unauthorized: "access",
    "not-found": "access",
    "empty-account": "quota",
    "429-long": "quota",
  };
  for (const [behaviour, reason] of Object.entries(reasons)) {
    const { server, ...asking } = await desk({ chances: { [behaviour]: 1 }, patience: 100 });

    const summary = await askAll({ ...asking, samples: samples(50) });

    expect(summary.stopped?.reason, behaviour).toBe(reason);
    expect(summary.stopped?.message, behaviour).toMatch(/resume/);
    expect(asking.answers.answers.size, behaviour).toBe(0);
    expect(server.requests.length, behaviour).toBeLessThanOrEqual(16);
  }
});

test("askAll() opens its breaker at a server that only fails, after a bounded number of requests", async () => {
  for (const behaviour of ["500", "truncated", "html", "disconnect", "bad-request", "secret-echo"] as const) {
    const { server, ...asking } = await desk(
      { chances: { [behaviour]: 1 }, patience: 1e9 },
      { breakerAfter: 5, retriesPerQuestion: 2 },
    );

    const summary = await askAll({ ...asking, samples: samples(500) });

    expect(summary.stopped?.reason, behaviour).toBe("breaker");
    expect(asking.answers.answers.size, behaviour).toBe(0);
    expect(server.requests.length, behaviour).toBeLessThanOrEqual((5 + 16) * 3);
    expect(summary.stopped?.message, behaviour).not.toContain(key);
  }
});

test("askAll() stops at once where nothing listens", async () => {
  const { server, ...asking } = await desk({});
  await server.close();

  const summary = await askAll({ ...asking, samples: samples(50) });

  expect(summary.stopped).toMatchObject({ reason: "access", message: expect.stringContaining("ECONNREFUSED") });
});

test("askAll() gives up a server that never answers", async () => {
  const { server, ...asking } = await desk(
    { chances: { hang: 1 }, patience: 100 },
    { stall: { warnAfterMs: 100, stopAfterMs: 700 } },
  );
  const notices: string[] = [];

  const summary = await askAll({ ...asking, samples: samples(50), onNotice: (message) => notices.push(message) });

  expect(summary).toMatchObject({ asked: 0, stopped: { reason: "stall" } });
  expect(notices).toHaveLength(1);
  expect(server.requests).toHaveLength(4);
});

test("askAll() resumes after an abort and asks for no committed answer again", async () => {
  const { server, ...asking } = await desk({ chances: everyTrouble, seed: 5, latencyMs: 1 });
  const controller = new AbortController();
  class Watched extends MemoryStore {
    override commit(scored: ScoredAnswer) {
      super.commit(scored);
      if (this.answers.size === 40) controller.abort();
    }
  }
  const answers = new Watched();

  const first = await askAll({ ...asking, answers, samples: samples(120), signal: controller.signal });
  const committed = new Set([...answers.answers.keys()].map((name) => name.split(" ")[1]!.replace("s", "Question ")));
  const before = server.log.length;
  const second = await askAll({ ...asking, answers, samples: samples(120) });

  expect(first.stopped?.reason).toBe("abort");
  expect(first.asked + second.asked).toBe(120);
  expect(second.skipped).toBe(first.asked);
  const askedLater = server.log.slice(before).filter(({ event }) => event === "asked");
  expect(askedLater.filter(({ text }) => committed.has(text))).toEqual([]);
});

test("askAll() pauses between answers when the headers say that the allowance is used up", async () => {
  const { server, ...asking } = await desk({});
  server.misbehave("right-then-pause", "right-then-pause");
  const clock = jumpingClock();

  await askAll({ ...asking, samples: samples(3), scheduler: lone({ clock }) });

  expect(server.requests).toHaveLength(3);
  expect(clock.waits).toEqual([40, 40]);
});

test("a redactor leaves no secret of the run in anything that was stored or said", async () => {
  const { server, ...asking } = await desk({});
  server.misbehave("secret-answer", "secret-echo", "secret-echo");
  const said: string[] = [];

  const options = { ...asking, scheduler: lone({ retriesPerQuestion: 1 }), samples: samples(3) };
  const summary = await askAll({ ...options, onNotice: (message) => said.push(message) });

  const everything = JSON.stringify([summary, said, [...asking.answers.answers], asking.subject.identity]);
  expect(everything).not.toContain(key);
  expect(everything).toContain("[redacted]");
  expect(createRedactor({ API_KEY: key }).message(everything)).toBe(everything);
});
