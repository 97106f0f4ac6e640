import { expect, test } from "vitest";
import { diffText, type FileChange } from "./diff-text.ts";
import { logExcerpt } from "./log-excerpt.ts";

test("diffText() says in front of each diff what happened to the file", () => {
  const change = (changeType: FileChange["changeType"]): FileChange => ({
    changeType,
    oldPath: "old.py",
    newPath: "new.py",
    diff: `@@ ${changeType}`,
  });

  const text = diffText((["ADD", "DELETE", "RENAME", "COPY", "UNKNOWN", "MODIFY"] as const).map(change));

  expect(text.split("\n")).toEqual([
    ...["new file new.py", "@@ ADD", "deleted file old.py", "@@ DELETE"],
    ...["rename from old.py", "rename to new.py", "@@ RENAME", "copy from old.py", "copy to new.py", "@@ COPY"],
    ...["new.py", "@@ MODIFY"],
  ]);
  expect(diffText([])).toBe("");
});

test("logExcerpt() keeps three lines on either side of the first error, in any case", () => {
  const lines = Array.from({ length: 20 }, (_, at) => `line ${at}`);

  expect(logExcerpt(lines.with(9, "TypeERROR: x").with(15, "error").join("\r\n")).split("\n")).toEqual(
    lines.with(9, "TypeERROR: x").slice(6, 13),
  );
  expect(logExcerpt(lines.with(1, "Error").join("\n")).split("\n")).toHaveLength(5);
});

test("logExcerpt() keeps the last seven lines of a log without an error", () => {
  expect(logExcerpt(`${"1\n".repeat(5)}2\n3\n4\n5\n`).split("\n")).toEqual(["1", "1", "1", "2", "3", "4", "5"]);
  expect(logExcerpt("")).toBe("");
});
