import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Json } from "#base";
import { writeRepository } from "#formats/git";
import { resolveSettings } from "#runs";
import { openLocalRepository } from "../history/local-repository.ts";
import { settings as table } from "../settings.ts";
import { buildItems } from "./build.ts";
import { runBuild, runFailing, runGate, trueRepair } from "./builds.ts";
import { type BuildItem, blocksOf, readItem } from "./item.ts";
import { buildOf, buildRecords, buildScorer, invalidBuilds, withStoredLog } from "./measures.ts";
import { renderPrompt } from "./prompt.ts";
import { ciRepair } from "./task.ts";

const room = mkdtempSync(join(tmpdir(), "assay-ci-"));
afterAll(() => rmSync(room, { recursive: true, force: true }));

const settingsOf = (assignments: Readonly<Record<string, string>> = {}) =>
  resolveSettings(table, { study: "long-code-arena", preset: "tiny", assignments });

const workflow =
  "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: node --test\n";
const sum = (sign: string) => `export const sum = (a, b) => a ${sign} b;\n`;
const testing =
  'import assert from "node:assert";\nimport { test } from "node:test";\nimport { sum } from "./sum.mjs";\ntest("adds", () => assert.strictEqual(sum(2, 3), 5));\n';

const author = { name: "Ada", email: "ada@example.org" };
const commitOf = (message: string, at: number, files: Record<string, string>) => ({
  message,
  author,
  seconds: 1_700_000_000 + at,
  files: new Map(Object.entries(files)),
});

async function itemOf(name: string, { isOwnCode = true, flow = workflow, mended = sum("+") } = {}): Promise<BuildItem> {
  const files = { "sum.mjs": sum("-"), "sum.test.mjs": testing, ".github/workflows/test.yml": flow };
  const commits = [commitOf("Start", 0, files), commitOf("Fix the sum", 1, { ...files, "sum.mjs": mended })];
  writeRepository(join(room, name), commits);
  const { items } = await buildItems(openLocalRepository(join(room, name), { isOwnCode }), {
    settings: settingsOf(),
    seed: 0,
  });
  return items[0]!;
}

test("runGate() opens for a build that fails before and passes after", async () => {
  const item = await itemOf("good");

  const { isOpen, before, after } = await runGate(item, { settings: settingsOf() });

  expect([isOpen, before.outcome, after.outcome]).toEqual([true, "failure", "success"]);
  expect(before.log).toMatch(/-1 !== 5|AssertionError/);
  expect(before.log).not.toMatch(/assay-build-/);
});

test("runGate() stays closed where the true repair does not help, or a feature is missing", async () => {
  const useless = await itemOf("useless", { mended: `${sum("-")}// no\n` });
  const foreign = await itemOf("foreign", { flow: workflow.replace("actions/checkout@v4", "someone/else@v1") });

  const [first, second] = [
    await runGate(useless, { settings: settingsOf() }),
    await runGate(foreign, { settings: settingsOf() }),
  ];

  expect([first.isOpen, first.before.outcome, first.after.outcome]).toEqual([false, "failure", "failure"]);
  expect([second.isOpen, second.before.outcome]).toEqual([false, "invalid"]);
  expect(second.before.reasons).toEqual(["job test: the action someone/else@v1"]);
});

test("runBuild() runs foreign code nowhere without the user's word", async () => {
  const item = await itemOf("strange", { isOwnCode: false });

  const none = await runBuild(item, { settings: settingsOf({ runner: "none" }), isTrusted: false });
  const here = await runBuild(item, { settings: settingsOf({ runner: "here" }), isTrusted: false });
  const containers = await runBuild(item, { settings: settingsOf({ runner: "containers" }), isTrusted: false });

  expect(none).toMatchObject({ outcome: "invalid", reasons: ["nothing is run: runner=none"] });
  expect(here.outcome).toBe("failure");
  // Where Docker answers, its image may be missing; where it does not, the way out is named.
  if (containers.outcome === "invalid") expect(containers.reasons.join()).toMatch(/runner=here|docker/);
});

test("runBuild() takes a repair that cannot be written for a failure", async () => {
  const item = await itemOf("unwritable", { flow: workflow.replace("node --test", "'true'") });

  const outcomes = [];
  for (const path of ["x".repeat(300), "sum.mjs/inner.mjs", ".github", "../out"]) {
    const { outcome } = await runBuild(item, {
      settings: settingsOf(),
      isTrusted: true,
      changes: new Map([[path, "x"]]),
    });
    outcomes.push(outcome);
  }

  expect(outcomes).toEqual(["failure", "failure", "failure", "failure"]);
});

test("runFailing() runs the failing build of an item once", async () => {
  const item = await itemOf("once");

  expect(runFailing(item, settingsOf())).toBe(runFailing(item, settingsOf()));
  expect((await runFailing(item, settingsOf())).outcome).toBe("failure");
});

test("buildScorer() tells answers that fit from those that do not", async () => {
  const item = await itemOf("scored");
  const score = await buildScorer([item]);
  const truth = { item: item.id, diff: item.diff };

  expect(score(`\`\`\`diff\n${item.diff}\`\`\``, truth)).toEqual({ fits: 1, missing: 0, refused: 0, unparsed: 0 });
  expect(score("[start of sum.mjs#L1]\nexport const sum = 5;\n[end of sum.mjs#L1]", truth)).toMatchObject({ fits: 1 });
  expect(score("Just add them.", truth)).toMatchObject({ fits: 0, unparsed: 1 });
  expect(score(null, truth)).toMatchObject({ fits: 0, missing: 1 });
  expect(await trueRepair(item)).toEqual(new Map([["sum.mjs", sum("+")]]));
});

test("ciRepair asks with the log of the failing build and the blocks of the true repair", async () => {
  const item = await itemOf("asked");
  const window = {
    counted: "letters",
    tokens: 9999,
    chat: true,
    count: (text: string) => text.length,
    first: (text: string) => text,
    last: (text: string) => text,
  };

  const { question } = await ciRepair.ask(item, {
    settings: settingsOf(),
    seed: 0,
    variant: "oracle-blocks",
    window,
    repeat: 0,
  });

  const [part] = question.parts as readonly { readonly text: string }[];
  expect(part!.text).toMatch(/^Fix CI in order for tests to pass\. Relevant logs: /);
  expect(part!.text).toContain("[start of sum.mjs#L1]\nexport const sum = (a, b) => a - b;\n[end of sum.mjs#L1]");
  expect(question.controls!.oracle!()).toContain("+export const sum = (a, b) => a + b;");
  expect(part!.text).toContain((await runFailing(item, settingsOf())).log);
});

test("withStoredLog() gives a report the log that the run stored, so that nothing is built for it", async () => {
  const item = await itemOf("stored");
  const [before, after] = ["an error", ""].map((log) => ({ outcome: "failure", reasons: [], log }));
  const steps = new Map<string, Json>([
    [`the build of ${item.id} before and after`, { isOpen: false, before, after } as never],
  ]);

  expect(withStoredLog(item, steps).log).toBe("an error");
  expect(withStoredLog(item, new Map()).log).toBe("");
  expect(withStoredLog({ ...item, log: "official" }, steps).log).toBe("official");
});

test("readItem() reads an official row, and blocksOf() the lines that its repair touches", () => {
  const diff =
    "--- a/x.py\n+++ b/x.py\n@@ -3,3 +3,3 @@\n a\n-b\n+c\n d\n--- /dev/null\n+++ b/y.py\n@@ -0,0 +1 @@\n+y\n";
  const row = {
    id: 7,
    repo_owner: "o",
    repo_name: "r",
    sha_fail: "f".repeat(40),
    workflow,
    diff,
    difficulty: 2,
    logs: [
      { step_name: "test", log: "an error" },
      { step_name: "more", log: "x" },
    ],
  };

  const item = readItem(row, 0);

  expect(item).toMatchObject({ id: "7", repository: "o__r", difficulty: 2, log: "an error\nx", isOwnCode: false });
  expect(blocksOf(diff)).toEqual([{ path: "x.py", line: 3, text: "a\nb\nd" }]);
  expect(renderPrompt({ log: "L", blocks: item.blocks })).toContain("[start of x.py#L3]\na\nb\nd\n[end of x.py#L3]");
  expect(() => item.write({ folder: "/tmp/x" })).toThrow(/Expected a clone of o__r/);
});

test("buildRecords() gives pass@1 in percent, in all and by difficulty, and leaves the invalid out", () => {
  const comparability = { data: "d", prompt: "p", split: "s", scorer: "s", settings: "s" };
  const jobs = [
    { id: 1, difficulty: 1, outcome: "success" },
    { id: 2, difficulty: 2, outcome: "failure" },
    { id: 3, difficulty: 2, outcome: "invalid" },
  ] as const;

  const records = buildRecords(jobs, { task: "ci-repair", subject: "s", variant: "v", group: "g", comparability });

  const rates = records
    .filter(({ metric }) => metric === "passRate")
    .map(({ setting, value, n }) => [setting.difficulty, value, n]);
  expect(rates).toEqual([
    ["all", 50, 2],
    ["1", 100, 1],
    ["2", 0, 1],
  ]);
  expect(records.find(({ metric, setting }) => metric === "invalid" && setting.difficulty === "all")!.value).toBe(1);
  // The paper divides by all builds: a rate over some of them is none of its table's.
  expect(new Set(records.map((record) => record.comparability!.data))).toEqual(new Set(["d, 2 of 3 builds"]));
});

test("buildOf() says how the build of an answer ended, and nothing of an answer whose gate stayed closed", () => {
  const answer = { subject: "mine", repeat: 0, truth: { item: "a", diff: "" } } as Parameters<typeof buildOf>[0];
  const before = { outcome: "failure", reasons: ["step 2 failed"], log: "" };
  const gate = { isOpen: true, before, after: { outcome: "success", reasons: [], log: "" } };
  const build = { outcome: "failure", reasons: ["nothing was changed"], log: "" };
  const steps = new Map<string, Json>([
    ["the build of a before and after", gate],
    ["the build of a as mine mends it, 0", build],
  ]);

  expect(buildOf(answer, steps)).toEqual({ told: "[build] failure: nothing was changed", score: { passes: 0 } });
  const lacking = { ...before, outcome: "invalid", reasons: ["services"] };
  const closed = new Map([["the build of a before and after", { ...gate, isOpen: false, before: lacking }]]);
  expect(buildOf(answer, closed)).toEqual({ told: "[build] invalid: services", score: null });
  expect(invalidBuilds(closed)).toEqual(["CI builds repair, invalid items: 1 (services)."]);
  expect(invalidBuilds(steps)).toEqual([]);
  expect(buildOf(answer, new Map())).toBeUndefined();
});
