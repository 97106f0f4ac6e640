import fc from "fast-check";
import { expect, test } from "vitest";
import { groupAnchor, groupLink, sampleLink } from "./anchors.ts";

test("groupLink() needs no escaping, whatever the group is called", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (id) => {
      expect(groupLink(id)).toMatch(/^#group-[\w.-]*$/);
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
  expect(sampleLink("M1", "M1/0001")).toBe("#sample-M1-M1_2f.0001");
});
