import fc from "fast-check";
import { expect, test } from "vitest";
import { applyDelta } from "./delta.ts";
import { textDiff } from "./text-diff.ts";
import { applyTextPatch, readTextPatch } from "./text-patch.ts";

test("textDiff() marks a missing newline and replaces what changes beyond measure", () => {
  const [old, young] = [0, 1].map((side) => Array.from({ length: 6000 }, (_, at) => `${side} ${at}`).join("\n"));

  expect(textDiff("a\nb\n", "a\nc")).toBe("@@ -1,2 +1,2 @@\n a\n-b\n+c\n\\ No newline at end of file");
  expect(textDiff(old!, young!).startsWith("@@ -1,6000 +1,6000 @@\n-0 0")).toBe(true);
  expect(textDiff("x", "x")).toBe("");
});

test("applyDelta() copies and inserts, and refuses another base", () => {
  const delta = Buffer.from([4, 6, 0x91, 1, 3, 3, 120, 121, 122]);

  expect(applyDelta(Buffer.from("abcd"), delta).toString()).toBe("bcdxyz");
  expect(() => applyDelta(Buffer.from("abc"), delta)).toThrow(/a base of 4 bytes/);
});

test("applyTextPatch() makes the new text of the old one by their difference", () => {
  const body = fc.array(fc.constantFrom("a", "b", "", " c"), { maxLength: 20 }).map((lines) => lines.join("\n"));

  fc.assert(
    fc.property(body, body, (before, after) => {
      fc.pre(before !== after);
      const [patch] = readTextPatch(`--- a/x\n+++ b/x\n${textDiff(before, after)}\n`)!;
      expect(applyTextPatch(before, patch!)).toBe(after);
    }),
  );
});

test("readTextPatch() reads names and hunks, counts anew, and knows what is no patch", () => {
  const [patch] = readTextPatch("--- a/x y.txt\t2024\n+++ /dev/null\n@@ -1,9 +1,7 @@ where\n-a\n b\n")!;

  expect(patch).toMatchObject({ oldPath: "x y.txt", newPath: null, hunks: [{ oldStart: 1, lines: ["-a", " b"] }] });
  expect(readTextPatch("no patch at all")).toEqual([]);
  expect(applyTextPatch("c\n", patch!)).toBeUndefined();
});

test("textDiff() of a text that changed beyond measure is a patch that makes the new one", () => {
  const [before, after] = [0, 1].map((side) => Array.from({ length: 4100 }, (_, at) => `${side} ${at}`).join("\n"));

  const [patch] = readTextPatch(`--- a/x\n+++ b/x\n${textDiff(before!, after!)}\n`)!;

  expect(applyTextPatch(before!, patch!) === after).toBe(true);
});
