import { expect, test } from "vitest";
import { shownText } from "./shown-text.ts";

test("shownText() tells the lines of a diff apart, and escapes them", () => {
  const diff = "x.py\n@@ -1,2 +1,2 @@ def f():\n same\n-old < 1\n+new";

  expect(shownText(diff).markup).toBe(
    "x.py\n<b>@@ -1,2 +1,2 @@ def f():</b>\n same\n<del>-old &lt; 1</del>\n<ins>+new</ins>\n",
  );
});

test("shownText() leaves texts without a diff as they are, and prose behind one", () => {
  expect(shownText("- one\n+ two <b>").markup).toBe("- one\n+ two &lt;b&gt;");
  expect(shownText("@@ -1 +1 @@\n-a\n+b\nCommit message:\n- no").markup).toContain("Commit message:\n- no\n");
});
