import { expect, test } from "vitest";
import { centredRoom, labelWithin, spanOf, spanWithZero } from "./axes.ts";

test("spanOf() spans what is drawn, and leaves zero out of a log axis", () => {
  expect(spanOf({ label: "x" }, [3, -1, 2])).toEqual([-1, 3]);
  expect(spanOf({ label: "x", log: true }, [0, 10, 1000])).toEqual([10, 1000]);
});

test("spanOf() has a width even for one value or none", () => {
  expect(spanOf({ label: "x" }, [5])).toEqual([4, 6]);
  expect(spanOf({ label: "x", log: true }, [4])).toEqual([2, 8]);
  expect(spanOf({ label: "x" }, [])).toEqual([0, 1]);
});

test("spanWithZero() holds zero unless told otherwise", () => {
  expect(spanWithZero({ label: "x" }, [40, 60])).toEqual([0, 60]);
  expect(spanWithZero({ label: "x", domain: [30, 70] }, [40, 60])).toEqual([30, 70]);
});

test("labelWithin() breaks a label between words where it has no room, and says how much higher it is", () => {
  expect(labelWithin("share of pictures", 200)).toEqual({ label: "share of pictures", more: 0 });
  expect(labelWithin("share of pictures", 70)).toEqual({ label: "share of\npictures", more: 12 });
  expect(labelWithin("", 10)).toEqual({ label: "", more: 0 });
});

test("centredRoom() is what lies to both sides of the frame's middle", () => {
  expect(centredRoom(400, { left: 100, right: 20 })).toBe(320);
});
