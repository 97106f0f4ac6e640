import { expect, test } from "vitest";
import { classify } from "./classify.ts";
import { readErrorBody } from "./error-body.ts";
import { Exchange } from "./exchange.ts";

const exchange = (status: number, body: object | string, headers: Record<string, string> = {}): Exchange =>
  Object.assign(new Exchange(), {
    status,
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: Object.entries(headers),
  });

const verdict = (status: number, body: object | string) => {
  const { kind, code, retry, stops = false } = classify(exchange(status, body), "problem", 0);
  return { kind, code, retry, stops };
};

const error = (message: string, extra: object = {}) => ({ error: { message, ...extra } });

test("classify() sorts what providers say in their own words", () => {
  const cases: [number, object | string, object][] = [
    [429, error("slow down", { type: "rate_limit_error" }), { kind: "quota", code: "rate-limit", stops: false }],
    [429, error("x", { code: "insufficient_quota" }), { kind: "quota", code: "empty-account", stops: true }],
    [400, error("Your credit balance is too low"), { kind: "quota", code: "empty-account", stops: true }],
    [402, error("Insufficient credits"), { kind: "quota", stops: true }],
    [402, "", { kind: "quota", code: "payment-required", stops: true }],
    [400, error("API key not valid", { status: "INVALID_ARGUMENT" }), { code: "unauthorized", stops: true }],
    [403, error("no access"), { kind: "permanent", code: "bad-request", stops: false }],
    [403, error("Input was flagged by moderation"), { kind: "refusal", code: "filtered", retry: false }],
    [400, error("x", { innererror: { code: "ResponsibleAIPolicyViolation" } }), { kind: "refusal" }],
    [400, error("prompt is too long: 250000 tokens"), { kind: "permanent", code: "bad-request", retry: false }],
    [413, "<html>", { kind: "permanent", retry: false }],
    [422, { detail: [] }, { kind: "permanent", retry: false }],
    [404, error("no model"), { kind: "permanent", code: "not-found", stops: true }],
    [408, "", { kind: "transient", code: "timeout", retry: true }],
    [500, error("content_filter crashed"), { kind: "transient", code: "server-error", retry: true }],
    [529, error("x", { type: "overloaded_error" }), { kind: "transient", code: "overloaded", retry: true }],
    [200, "not json", { kind: "transient", code: "bad-body", retry: true }],
    [302, "", { kind: "permanent", code: "bad-request" }],
  ];

  for (const [status, body, expected] of cases)
    expect(verdict(status, body), JSON.stringify(body)).toMatchObject(expected);
});

test("classify() does not take Gemini's limit per minute for an empty account", () => {
  const body = error("You exceeded your current quota, please check your plan and billing details", {
    code: 429,
    status: "RESOURCE_EXHAUSTED",
    details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "37s" }],
  });

  expect(classify(exchange(429, body), "", 0)).toMatchObject({ code: "rate-limit", retry: true, waitMs: 37_000 });
});

test("classify() names errors of the network by their innermost cause", () => {
  const cause = (code: string) => Object.assign(new Error(`${code} happened`), { code });
  const sort = (networkError: unknown) => classify(Object.assign(new Exchange(), { networkError }), "", 0);

  expect(sort(new TypeError("fetch failed", { cause: cause("ENOTFOUND") }))).toMatchObject({ unreachable: true });
  expect(sort(new TypeError("fetch failed", { cause: cause("ECONNRESET") }))).toMatchObject({
    code: "disconnect",
    retry: true,
  });
  expect(sort(new TypeError("fetch failed", { cause: cause("UND_ERR_HEADERS_TIMEOUT") }))).toMatchObject({
    code: "timeout",
  });
  expect(sort(new TypeError("fetch failed", { cause: cause("CERT_HAS_EXPIRED") }))).toMatchObject({
    stops: true,
    retry: false,
  });
});

test("readErrorBody() reads every provider's form, and the beginning of what is no JSON", () => {
  expect(readErrorBody('{"error":{"message":"m","type":"t","code":"c"}}')).toEqual({ message: "m", codes: "c t" });
  expect(readErrorBody('{"type":"error","error":{"type":"t","message":"m"}}')).toEqual({ message: "m", codes: "t" });
  expect(readErrorBody('{"error":"model not loaded"}')).toEqual({ message: "model not loaded", codes: "" });
  expect(readErrorBody('{"message":"m"}').message).toBe("m");
  expect(readErrorBody(`<html>\n  ${"x".repeat(500)}`).message).toHaveLength(120);
  expect(readErrorBody(undefined)).toEqual({ message: "", codes: "" });
});
