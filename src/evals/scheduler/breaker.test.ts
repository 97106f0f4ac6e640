import { expect, test } from "vitest";
import { createBreaker } from "./breaker.ts";
import { type Failure, failureSignature } from "./failure.ts";

const failure = (message: string, status = 500): Failure => ({
  kind: "transient",
  code: "server-error",
  message,
  status,
  retry: true,
});

test("createBreaker() opens after k errors that differ only in numbers and request ids", () => {
  const breaker = createBreaker(3);

  const isNew = ["req_a1b2 failed after 12 ms", "req_c3d4 failed after 9 ms", "req_e5 failed after 1 ms"].map(
    (message) => breaker.failed(failure(message)).isNew,
  );

  expect(isNew).toEqual([true, false, false]);
  expect(breaker.isOpen).toBe(true);
});

test("createBreaker() starts anew at an answer and at another error", () => {
  const breaker = createBreaker(2);

  breaker.failed(failure("down"));
  breaker.answered();
  breaker.failed(failure("down"));
  breaker.failed(failure("too long", 400));

  expect(breaker.isOpen).toBe(false);
  expect(breaker.count).toBe(1);
});

test("createBreaker() stays open once it is", () => {
  const breaker = createBreaker(1);

  breaker.failed(failure("down"));
  breaker.answered();
  breaker.failed(failure("other", 400));

  expect(breaker.isOpen).toBe(true);
});

test("failureSignature() tells apart status, kind and words", () => {
  const signatures = [
    failure("down"),
    failure("down", 502),
    failure("up"),
    { ...failure("down"), kind: "quota" as const },
  ];

  expect(new Set(signatures.map(failureSignature)).size).toBe(4);
});
