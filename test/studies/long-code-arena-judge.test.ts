import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { paperSettings } from "../../src/studies/long-code-arena/comparability.ts";
import {
  fromLogProbs,
  isMiniatureJudge,
  openJudge,
} from "../../src/studies/long-code-arena/module-summarization/judge.ts";
import { renderComparison } from "../../src/studies/long-code-arena/module-summarization/prompt.ts";
import { startServer, type TestServer } from "../server/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const { signal } = new AbortController();
const question = renderComparison({ intent: "use", code: "x", a: "One.", b: "Two." });

test("openJudge() reads an API's options from the likeliest first tokens", async () => {
  const judge = await openJudge({ ...paperSettings, judge: `openai-compatible/judge@${server.url}/v1` });

  const preference = await judge.prefer(question, signal);

  expect(preference).toEqual({ a: -0.5, b: -1.5 });
  expect(server.requests.at(-1)!.body).toMatchObject({ max_tokens: 1, temperature: 0.3, top_logprobs: 20 });
});

test("openJudge() weighs an open model's two options, the same for the same question", async () => {
  const judge = await openJudge({ ...paperSettings, judge: "mini:code" });

  const [first, again] = [await judge.prefer(question, signal), await judge.prefer(question, signal)];

  expect(again).toEqual(first);
  expect(first.a).not.toBe(first.b);
  expect([isMiniatureJudge("mini:code"), isMiniatureJudge("openai/gpt-4o")]).toEqual([true, false]);
  judge.close();
});

test("openJudge() asks a service again that was busy, and says what one answers for good", async () => {
  const judge = await openJudge({ ...paperSettings, judge: `openai-compatible/judge@${server.url}/v1` });

  server.misbehave("429-ms");
  const patient = await judge.prefer(question, signal);
  server.misbehave("bad-request");
  const refused = judge.prefer(`${question} `, signal);

  expect(patient).toEqual({ a: -0.5, b: -1.5 });
  await expect(refused).rejects.toMatchObject({
    code: "JUDGE_FAILED",
    message: expect.stringContaining("maximum context length"),
  });
});

test("openJudge() takes an option with and without a space in front for one", async () => {
  const logProb = Math.log(0.25);
  const alternatives = ["A", " A", "B"].map((token) => ({ token, logProb }));
  const judge = fromLogProbs("test/judge", { logProbs: [{ token: "A", logProb, alternatives }] });

  expect(judge.a).toBeCloseTo(Math.log(0.5), 12);
  expect(judge.b).toBeCloseTo(logProb, 12);
});

test("openJudge() says that a judge tells no log-probabilities", async () => {
  vi.stubEnv("ANTHROPIC_API_KEY", "sk-test-0123456789abcdef");
  vi.stubEnv("ANTHROPIC_BASE_URL", server.url);
  const judge = await openJudge({ ...paperSettings, judge: "anthropic/claude-3-opus-20240229" });

  await expect(judge.prefer(question, signal)).rejects.toMatchObject({ code: "JUDGE_SILENT" });
  vi.unstubAllEnvs();
});
