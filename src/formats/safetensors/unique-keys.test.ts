import fc from "fast-check";
import { expect, test } from "vitest";
import { refuseDuplicateKeys } from "./unique-keys.ts";

test("refuseDuplicateKeys() finds a key given twice, also when it is spelled with escapes", () => {
  expect(() => refuseDuplicateKeys('{"a":1,"\\u0061":2}', "test")).toThrow(
    'test: Expected each name once, got "a" twice',
  );
  expect(() => refuseDuplicateKeys('{"x":[{"b\\"":1, "b\\"" : 2}]}', "test")).toThrow("twice");
});

test("refuseDuplicateKeys() allows a key again in another object, and equal strings that are no keys", () => {
  expect(() => refuseDuplicateKeys('{"a":{"a":"a"},"b":[{"a":1},{"a":1},"a","a"]}', "test")).not.toThrow();
});

test("refuseDuplicateKeys() accepts whatever JSON.stringify wrote", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      refuseDuplicateKeys(JSON.stringify(JSON.parse(text)), "test");
    }),
  );
});

test("refuseDuplicateKeys() survives a string of megabytes", () => {
  expect(() => refuseDuplicateKeys(JSON.stringify({ ["\\".repeat(4e6)]: 1 }), "test")).not.toThrow();
});
