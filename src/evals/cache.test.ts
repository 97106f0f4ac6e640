import { expect, test } from "vitest";
import type { Answer, ImagePart, Question, Subject } from "#base";
import { cacheKey, isCacheable, memoryCache, withHeldImages } from "./cache.ts";

const subject = (baseURL: string): Subject => ({
  name: "s",
  kind: "api",
  identity: { baseURL },
  ask: async () => answer("x"),
});

const answer = (text: string | null, extra: Partial<Answer> = {}): Answer => ({
  text,
  finishReason: "stop",
  latencyMs: 1,
  raw: null,
  ...extra,
});

const image = (bytes: number[], mediaType: ImagePart["mediaType"] = "image/jpeg"): ImagePart => ({
  type: "image",
  mediaType,
  key: "the same",
  load: async () => Uint8Array.from(bytes),
});

const question: Question = {
  parts: [image([1, 2, 3]), { type: "text", text: "which?" }],
  sampling: { temperature: 0, maxTokens: 5 },
};

test("cacheKey() changes with whatever could change the answer", async () => {
  const here = subject("http://a");
  const variants = [
    cacheKey(here, question, 0),
    cacheKey(here, question, 1),
    cacheKey(subject("http://b"), question, 0),
    cacheKey(here, { ...question, system: "Be brief." }, 0),
    cacheKey(here, { ...question, sampling: { temperature: 1, maxTokens: 5 } }, 0),
    cacheKey(here, { ...question, sampling: { temperature: 0, maxTokens: 5, seed: 1 } }, 0),
    cacheKey(here, { ...question, sampling: { temperature: 0, maxTokens: 5, stop: ["x"] } }, 0),
    cacheKey(here, { ...question, sampling: { temperature: 0, maxTokens: 5, logProbs: true } }, 0),
    cacheKey(here, { ...question, parts: [image([1, 2, 4]), question.parts[1]!] }, 0),
    cacheKey(here, { ...question, parts: [image([1, 2, 3], "image/png"), question.parts[1]!] }, 0),
    cacheKey(here, { ...question, parts: [question.parts[1]!, question.parts[0]!] }, 0),
  ];

  expect(new Set(await Promise.all(variants)).size).toBe(variants.length);
});

test("cacheKey() ignores what does not reach the subject", async () => {
  const same: Question = {
    parts: [{ ...image([1, 2, 3]), key: "another" }, question.parts[1]!],
    sampling: { maxTokens: 5, temperature: 0 },
    controls: { oracle: () => "1" },
  };

  expect(await cacheKey(subject("http://a"), same, 0)).toBe(await cacheKey(subject("http://a"), question, 0));
});

test("isCacheable() keeps out empty, refused, filtered, failed and odd answers", () => {
  const verdicts = [
    answer("1, 2, 3"),
    answer("cut off", { finishReason: "length" }),
    answer(""),
    answer("  \n"),
    answer(null, { finishReason: "refusal" }),
    answer("half", { finishReason: "error" }),
    answer("tool", { finishReason: "other" }),
    answer("x", { error: { kind: "transient", message: "down" } }),
  ].map(isCacheable);

  expect(verdicts).toEqual([true, true, false, false, false, false, false, false]);
});

test("withHeldImages() renders each picture once", async () => {
  let renders = 0;
  const load = async () => {
    renders++;
    return Uint8Array.of(1);
  };
  const held = withHeldImages({ ...question, parts: [{ ...image([]), load }] });

  await cacheKey(subject("http://a"), held, 0);
  await cacheKey(subject("http://a"), held, 1);

  expect(renders).toBe(1);
});

test("memoryCache() gives back what was put", () => {
  const cache = memoryCache();

  cache.put("k", answer("x"));

  expect([cache.get("k")?.text, cache.get("other")]).toEqual(["x", undefined]);
});
