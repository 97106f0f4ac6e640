import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { promptOf } from "./bug-localization/prompt.ts";
import { firstDiffLine, system as messageSystem, renderPrompt as renderMessage } from "./commit-messages/prompt.ts";
import { helpfulNames, renderPrompt as renderLibrary } from "./library-codegen/prompt.ts";
import {
  system as documentSystem,
  renderComparison,
  renderPrompt as renderDocument,
} from "./module-summarization/prompt.ts";

const file = join(process.env.ASSAY_SHARED ?? "../shared", "data/long-code-arena/prompts.json");

/** Puts values into the placeholders of a released prompt. */
const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), template);

describe.skipIf(!existsSync(file))("with the released prompts in ASSAY_SHARED", () => {
  const prompts: Record<string, string> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};

  test("renderPrompt() of library-codegen sends the released words, with names and without", () => {
    const instruction = "Draw a box.";
    const helped = filled(prompts["libgen.bm25_suffix"]!, { instruction, "names joined by ', '": "f, g" });

    expect(renderLibrary(instruction)).toBe(filled(prompts["libgen.user"]!, { instruction }));
    expect(renderLibrary(instruction, ["f", "g"])).toBe(filled(prompts["libgen.user"]!, { instruction: helped }));
  });

  test("renderPrompt() of commit-messages sends the released words", () => {
    expect(messageSystem).toBe(prompts["cmg.system"]);
    expect(renderMessage("D", "detailed")).toBe(filled(prompts["cmg.detailed.user"]!, { diff: "D" }));
    expect(renderMessage("D", "simple")).toBe(filled(prompts["cmg.simple.user"]!, { diff: "D" }));
  });

  test("promptOf() has the released words of 2024 and of each context of 2025", () => {
    const parts = { repository: "a/b", issue: "It crashes", list: "x.py\ny.py" };
    const values = {
      repo_name: "a/b",
      issue_description: "It crashes",
      filepath: parts.list,
      filepath_imports: parts.list,
    };
    const paper = promptOf({ profile: "2024", hints: "paths" });
    const names = { "issue-only": "issue_only", paths: "filepath", imports: "filepath_imports" } as const;

    expect(paper.system).toBe(prompts["bugloc.2024.system"]);
    expect(paper.render(parts)).toBe(prompts["bugloc.2024.user"]!.replace("{}", parts.list).replace("{}", parts.issue));
    for (const [hints, name] of Object.entries(names)) {
      const { system, render } = promptOf({ profile: "2025", hints: hints as keyof typeof names });
      expect(system).toBe(prompts[`bugloc.2025.${name}.system`]);
      expect(render(parts)).toBe(filled(prompts[`bugloc.2025.${name}.user`]!, values));
    }
  });

  test("renderPrompt() and renderComparison() of module-summarization send the released words", () => {
    const [intent, code] = ["use", "x = 1"];
    const values = { filename: "use.md", intent, code_context: code, gold_doc: "A", pred_doc: "B" };

    expect(documentSystem).toBe(prompts["modsum.system"]);
    expect(renderDocument({ file: "use.md", intent, code })).toBe(filled(prompts["modsum.user"]!, values));
    expect(renderComparison({ intent, code, a: "A", b: "B" })).toBe(filled(prompts["compscore.user"]!, values));
  });
});

test("helpfulNames() puts the names nearest to the instruction first, twenty of them", () => {
  const names = ["drawBox", "draw_line", "HTTPServer", ...Array.from({ length: 30 }, (_, at) => `other${at}`)];

  const found = helpfulNames("Please draw a box", names);

  expect(found.slice(0, 2)).toEqual(["drawBox", "draw_line"]);
  expect(found).toHaveLength(20);
  expect(helpfulNames("x", [])).toEqual([]);
});

test("firstDiffLine() takes the first added line, else the first removed one, and no header", () => {
  const diff = ["x.py", "--- a/x.py", "+++ b/x.py", "@@ -1,2 +1,2 @@", "-old()", "+", "+  new()"].join("\n");

  expect(firstDiffLine(diff)).toBe("new()");
  expect(firstDiffLine("@@ -1 +0 @@\n-gone = 1")).toBe("gone = 1");
  expect(firstDiffLine("")).toBe("");
});
