import fc from "fast-check";
import { expect, test } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

const now = Date.UTC(2026, 10, 24, 12);
const read = (headers: Readonly<Record<string, string>>) => retryAfterMs((name) => headers[name], now);

test("retryAfterMs() reads every number of seconds", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), (seconds) => {
      expect(read({ "retry-after": String(seconds) })).toBe(seconds * 1000);
    }),
  );
});

test("retryAfterMs() reads every HTTP date, and waits for none that has passed", () => {
  const dates = fc.integer({ min: -1e6, max: 1e6 });
  fc.assert(
    fc.property(dates, (seconds) => {
      const date = new Date(now + seconds * 1000).toUTCString();
      expect(read({ "retry-after": date })).toBe(Math.max(0, seconds * 1000));
    }),
  );
});

test("retryAfterMs() prefers the header in milliseconds", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), (ms) => {
      expect(read({ "retry-after-ms": String(ms), "retry-after": "7" })).toBe(ms);
    }),
  );
});

test("retryAfterMs() gives a finite wait that is not negative, or none, for any text", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (ms, after) => {
      const wait = read({ "retry-after-ms": ms, "retry-after": after });
      expect(wait === undefined || (Number.isFinite(wait) && wait >= 0)).toBe(true);
    }),
  );
});

test("retryAfterMs() takes no year for a wait", () => {
  for (const text of ["-5", "", "soon", "2027", "1e3", "Infinity", "NaN", "0x10"]) {
    expect(read({ "retry-after": text }), text).toBe(text === "2027" ? 2_027_000 : undefined);
  }
});
