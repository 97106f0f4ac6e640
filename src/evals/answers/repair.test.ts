import fc from "fast-check";
import { expect, test } from "vitest";
import { textDiff } from "#formats/git";
import { readRepair, renderBlocks } from "./repair.ts";

const text = "one\ntwo\nthree\nfour\nfive\n";
const blocks = [
  { path: "a.py", line: 2, text: "two" },
  { path: "a.py", line: 4, text: "four\nfive" },
];
const read = (path: string) => (path === "a.py" ? text : undefined);
const repair = (answer: string) => {
  const found = readRepair(answer, { blocks, read });
  return typeof found === "string" ? found : Object.fromEntries(found.files);
};

test("readRepair() puts rewritten blocks in the place of those that were shown", () => {
  const answer = `Sure.\n[start of a.py#L2]\n2\n2.5\n[end of a.py#L2]\n[start of a.py#L4]\n\`\`\`python\nFOUR\n\`\`\`\n[end of a.py#L4]`;

  expect(repair(answer)).toEqual({ "a.py": "one\n2\n2.5\nthree\nFOUR\n" });
});

test("readRepair() changes nothing when blocks come back as they were", () => {
  expect(repair(renderBlocks(blocks))).toEqual({ "a.py": text });
});

test("readRepair() applies a patch in a fence, with wrong numbers and a stranger around", () => {
  const patch = "--- a/a.py\n+++ b/a.py\n@@ -30,9 +30,2 @@\n ONE\n two\n-three\n+THREE\n four\n";

  expect(repair(`Here:\n\`\`\`diff\n${patch}\`\`\`\nDone.`)).toEqual({ "a.py": "one\ntwo\nTHREE\nfour\nfive\n" });
});

test("readRepair() adds and removes files", () => {
  const patch =
    "--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+x\n--- a/a.py\n+++ /dev/null\n@@ -1,5 +0,0 @@\n-one\n-two\n-three\n-four\n-five\n";

  expect(repair(patch)).toEqual({ "new.py": "x\n", "a.py": null });
});

test.each([
  ["I cannot help with that.", /neither a block/],
  ["[start of b.py#L1]\nx\n[end of b.py#L1]", /neither a block/],
  ["```diff\n--- a/b.py\n+++ b/b.py\n@@ -1 +1 @@\n-x\n+y\n```", /no file b.py/],
  ["--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n-nothing\n-like\n+this\n+here\n", /does not fit/],
  ["--- /dev/null\n+++ b/../../x\n@@ -0,0 +1 @@\n+x\n", /leads out/],
  ["--- /dev/null\n+++ b/.git/hooks/x\n@@ -0,0 +1 @@\n+x\n", /leads out/],
])("readRepair() says why %j is none", (answer, reason) => {
  expect(repair(answer)).toMatch(reason);
});

test("readRepair() makes any new text of the old one by their difference", () => {
  const line = fc.constantFrom("a", "b", "c", "", "  d");
  const body = fc.array(line, { maxLength: 12 }).map((lines) => lines.map((one) => `${one}\n`).join(""));

  fc.assert(
    fc.property(body, body, (before, after) => {
      fc.pre(before !== after && before !== "");
      const patch = `--- a/x\n+++ b/x\n${textDiff(before, after)}\n`;
      const found = readRepair(patch, { blocks: [], read: () => before });
      expect(typeof found === "string" ? found : found.files.get("x")).toBe(after);
    }),
  );
});
