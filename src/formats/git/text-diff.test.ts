import fc from "fast-check";
import { expect, test } from "vitest";
import { applyDelta } from "./delta.ts";
import { textDiff } from "./text-diff.ts";
import { applyTextPatch, readTextPatch } from "./text-patch.ts";

test("textDiff() marks a missing newline and replaces what changes beyond measure", () => {
  const [old, young] = [0, 1].map((side) => Array.from({ length: 6000 }, (_, at) => `${side} ${at}`).join("\n"));

  expect(textDiff("a\nb\n", "a\nc")).toBe("@@ -1,2 +1,2 @@\n a\n-b\n+c\n\\ No newline at end of file");
  const whole = textDiff(old!, young!);
  expect(whole.startsWith("@@ -1,6000 +1,6000 @@\n-0 0")).toBe(true);
  const [patch] = readTextPatch(`--- a/x\n+++ b/x\n${whole}\n`)!;
  expect(applyTextPatch(old!, patch!)).toBe(young);
  expect(textDiff("x", "x")).toBe("");
});

test("applyDelta() copies and inserts, and refuses another base", () => {
  const delta = Buffer.from([4, 6, 0x91, 1, 3, 3, 120, 121, 122]);

  expect(applyDelta(Buffer.from("abcd"), delta).toString()).toBe("bcdxyz");
  expect(() => applyDelta(Buffer.from("abc"), delta)).toThrow(/a base of 4 bytes/);
  const endless = Buffer.from([4, ...Array(7).fill(0xff), 0x7f, 1, 120]);
  expect(() => applyDelta(Buffer.from("abcd"), endless)).toThrow(expect.objectContaining({ code: "GIT_DAMAGED" }));
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

test("readTextPatch() takes a removed line that begins with two dashes for a line, and no empty line at a hunk's end", () => {
  const before = "a\n-- drop\nb\n";
  const apart = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-c\n+d\n\n\n";

  const dashes = readTextPatch(`--- a/x\n+++ b/x\n${textDiff(before, "a\nb\n")}\n`)!;
  const two = readTextPatch(apart)!;

  expect(dashes.map((patch) => applyTextPatch(before, patch))).toEqual(["a\nb\n"]);
  expect(two.map((patch, at) => applyTextPatch(["a\nz\n", "c\nz\n"][at]!, patch))).toEqual(["b\nz\n", "d\nz\n"]);
});

test("readTextPatch() counts anew where lines end as on Windows, and unquotes names as git writes them", () => {
  const [windows] = readTextPatch("--- a/x\r\n+++ b/x\r\n@@ -1,9 +1,7 @@\r\n-a\r\n+b\r\n")!;
  const [quoted] = readTextPatch('--- "a/caf\\303\\251 x"\n+++ "b/caf\\303\\251 x"\n@@ -1 +1 @@\n-a\n+b\n')!;

  expect([windows!.newPath, applyTextPatch("a\n", windows!)]).toEqual(["x", "b\n"]);
  expect(quoted!.newPath).toBe("café x");
});
