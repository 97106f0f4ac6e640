import fc from "fast-check";
import { expect, test } from "vitest";
import { resetMs, waitFromHeaders } from "./rate-limits.ts";

const now = Date.UTC(2026, 10, 24, 12);

test("resetMs() reads durations, seconds, epochs and RFC 3339 times", () => {
  const cases: Readonly<Record<string, number | undefined>> = {
    "6m0s": 360_000,
    "1h2m3.5s": 3_723_500,
    "20ms": 20,
    "1s": 1000,
    "12": 12_000,
    [String(now / 1000 + 9)]: 9000,
    [String(now + 250)]: 250,
    "2026-11-24T12:00:30Z": 30_000,
    "2026-11-24T11:00:00Z": 0,
    soon: undefined,
    "": undefined,
  };
  for (const [text, ms] of Object.entries(cases)) expect(resetMs(text, now), text).toBe(ms);
});

test("resetMs() gives a finite wait that is not negative, or none, for any text", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const wait = resetMs(text, now);
      expect(wait === undefined || (Number.isFinite(wait) && wait >= 0)).toBe(true);
    }),
  );
});

test("waitFromHeaders() waits for the latest reset among the allowances that are used up", () => {
  const headers = [
    ["X-RateLimit-Remaining-Requests", "0"],
    ["X-RateLimit-Reset-Requests", "2s"],
    ["x-ratelimit-remaining-tokens", "0"],
    ["x-ratelimit-reset-tokens", "5s"],
    ["x-ratelimit-remaining-images", "3"],
    ["x-ratelimit-reset-images", "9h"],
  ] as const;

  expect(waitFromHeaders(headers, now)).toBe(5000);
});

test("waitFromHeaders() reads Anthropic's, OpenRouter's and the standard's names", () => {
  const anthropic = [
    ["anthropic-ratelimit-input-tokens-remaining", "0"],
    ["anthropic-ratelimit-input-tokens-reset", "2026-11-24T12:00:04Z"],
  ] as const;
  const openrouter = [
    ["x-ratelimit-remaining", "0"],
    ["x-ratelimit-reset", String(now + 3000)],
  ] as const;
  const standard = [
    ["ratelimit-remaining", "0"],
    ["ratelimit-reset", "2"],
  ] as const;

  expect([anthropic, openrouter, standard].map((headers) => waitFromHeaders(headers, now))).toEqual([4000, 3000, 2000]);
});

test("waitFromHeaders() asks for no wait while something remains, and obeys retry-after first", () => {
  const spare = [
    ["x-ratelimit-remaining-requests", "1"],
    ["x-ratelimit-reset-requests", "9s"],
  ] as const;
  const both = [
    ["x-ratelimit-remaining-requests", "0"],
    ["x-ratelimit-reset-requests", "9s"],
    ["retry-after", "1"],
  ] as const;

  expect(waitFromHeaders(spare, now)).toBeUndefined();
  expect(waitFromHeaders(both, now)).toBe(1000);
});
