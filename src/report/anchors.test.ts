import fc from "fast-check";
import { expect, test } from "vitest";
import { groupAnchor, groupLink, sampleLink } from "./anchors.ts";

/** Any 16-bit units in a row: control characters and lone surrogates among them. */
const anyText = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) });

test("groupLink() needs no escaping, whatever the group is called", () => {
  fc.assert(
    fc.property(anyText, (id) => {
      expect(groupLink(id)).toMatch(/^#group-[\w-]*$/);
    }),
  );
});

test("groupAnchor() gives different groups different anchors", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      expect(groupAnchor(one) === groupAnchor(other)).toBe(one === other);
    }),
  );
});

test("sampleLink() names group and sample", () => {
  expect(sampleLink("M1", "M1/0001")).toBe("#sample-M1__M1_2f_0001");
});

test("sampleLink() keeps apart what differs only in where the group's name ends", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (one, middle, last) => {
      fc.pre(middle !== "");

      expect(sampleLink(one + middle, last)).not.toBe(sampleLink(one, middle + last));
    }),
  );
});
