import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, hashOf, sha256 } from "./json.ts";

test("canonicalJson() does not depend on the order of keys", () => {
  expect(canonicalJson({ b: 1, a: [2, { d: null, c: "x" }] })).toBe('{"a":[2,{"c":"x","d":null}],"b":1}');
  expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }));
});

test("canonicalJson() round-trips every JSON value", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("canonicalJson() refuses what JSON would change silently, and says where", () => {
  expect(() => canonicalJson({ a: [1, Number.NaN] })).toThrow("$.a[1]");
  expect(() => canonicalJson(new Array(2))).toThrow("$[0]");
  expect(() => canonicalJson({ when: new Date(0) })).toThrow("$.when");
});

test("sha256() of text and of its bytes is FIPS 180-2's value", () => {
  const expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  expect(sha256("abc")).toBe(expected);
  expect(sha256(new TextEncoder().encode("abc"))).toBe(expected);
});
