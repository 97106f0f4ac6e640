import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { paperSettings } from "../../src/studies/long-code-arena/comparability.ts";
import { isMiniatureJudge, openJudge } from "../../src/studies/long-code-arena/module-summarization/judge.ts";
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

test("openJudge() says that a judge tells no log-probabilities", async () => {
  vi.stubEnv("ANTHROPIC_API_KEY", "sk-test-0123456789abcdef");
  vi.stubEnv("ANTHROPIC_BASE_URL", server.url);
  const judge = await openJudge({ ...paperSettings, judge: "anthropic/claude-3-opus-20240229" });

  await expect(judge.prefer(question, signal)).rejects.toMatchObject({ code: "JUDGE_SILENT" });
  vi.unstubAllEnvs();
});
