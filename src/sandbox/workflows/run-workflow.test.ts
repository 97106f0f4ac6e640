import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hereExecutor } from "../here.ts";
import { readWorkflow } from "./read-workflow.ts";
import { runWorkflow } from "./run-workflow.ts";

const files = (texts: Readonly<Record<string, string>>) => (folder: string) => {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
};

const run = (text: string, texts: Readonly<Record<string, string>> = { "a.txt": "hello\n" }) =>
  runWorkflow(text, {
    checkout: files(texts),
    executor: hereExecutor(),
    limits: { seconds: 20, memoryMb: 1024, diskMb: 64 },
  });

const job = (steps: string, more = "") =>
  `on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n${more}    steps:\n      - uses: actions/checkout@v4\n${steps}`;
const logsOf = (report: Awaited<ReturnType<typeof run>>) =>
  report.jobs.flatMap(({ steps }) => steps.map(({ log }) => log.trim()));

test("runWorkflow() runs the tests of a commit, and says what failed", async () => {
  const workflow = job(
    `      - uses: actions/setup-node@v4\n        with:\n          node-version: \${{ matrix.node }}\n      - run: node --test\n`,
    "    strategy:\n      matrix:\n        node: [24]\n",
  );
  const testing = (sum: number) => ({
    "sum.test.mjs": `import assert from "node:assert";import {test} from "node:test";test("adds", () => assert.equal(1 + 1, ${sum}));`,
  });

  const [good, bad] = [await run(workflow, testing(2)), await run(workflow, testing(3))];

  expect(good).toMatchObject({ outcome: "success", jobs: [{ name: "test (24)", outcome: "success" }] });
  expect(bad).toMatchObject({ outcome: "failure", jobs: [{ outcome: "failure" }] });
  expect(logsOf(bad).at(-1)).toMatch(/AssertionError.*2 == 3/);
});

test("runWorkflow() hands values from step to step", async () => {
  const report = await run(
    job(`      - id: first
        run: |
          echo "NAME=value" >> "$GITHUB_ENV"
          echo "out=made" >> "$GITHUB_OUTPUT"
          mkdir -p tools && printf '#!/bin/sh\\necho tool' > tools/mytool && chmod +x tools/mytool
          echo "$PWD/tools" >> "$GITHUB_PATH"
      - run: echo "$NAME \${{ steps.first.outputs.out }} $(mytool) \${{ env.LEVEL }}"
        env: { LEVEL: step }
      - run: cat a.txt
        working-directory: .
      - run: import os; print(os.getcwd().endswith("workspace"))
        shell: python
`),
  );

  expect(report.outcome).toBe("success");
  expect(logsOf(report).slice(2)).toEqual(["value made tool step", "hello", "True"]);
});

test("runWorkflow() goes on where a step asks for it", async () => {
  const report = await run(
    job(`      - run: exit 3
        continue-on-error: true
      - run: echo fine && false
      - run: echo never
      - run: echo always
        if: always()
      - run: echo cleaned
        if: \${{ failure() }}
`),
  );

  expect(report.outcome).toBe("failure");
  expect(report.jobs[0]!.steps.map(({ outcome }) => outcome)).toEqual([
    ...["success", "failure", "failure", "skipped", "success", "success"],
  ]);
});

test("runWorkflow() runs jobs behind those that they need", async () => {
  const text = (first: string) => `on: push
jobs:
  last: { runs-on: ubuntu-latest, needs: [first], steps: [{ run: echo last }] }
  first: { runs-on: ubuntu-latest, steps: [{ run: "${first}" }] }
  mending: { runs-on: ubuntu-latest, needs: first, if: failure(), steps: [{ run: echo mending }] }
`;

  const [good, bad] = [await run(text("true")), await run(text("false"))];

  expect(good.jobs.map(({ name, outcome }) => [name, outcome])).toEqual([
    ["first", "success"],
    ["last", "success"],
    ["mending", "skipped"],
  ]);
  // As the authors have it: a check that was skipped is no success.
  expect(good.outcome).toBe("invalid");
  expect(bad.outcome).toBe("failure");
  expect(bad.jobs.map(({ outcome }) => outcome)).toEqual(["failure", "skipped", "success"]);
});

test("runWorkflow() is invalid, and runs nothing, where the runner lacks something", async () => {
  const text = `on: push
jobs:
  a:
    runs-on: windows-latest
    services: { db: { image: postgres } }
    steps: [{ uses: someone/action@v1 }, { run: "echo \${{ secrets.KEY }}" }]
  b: { uses: ./.github/workflows/other.yml }
`;

  const report = await run(text);

  expect(report).toEqual({
    outcome: "invalid",
    jobs: [],
    reasons: [
      "secrets",
      "job a: service containers",
      'job a: a machine of "windows-latest"',
      "job a: the action someone/action@v1",
      "job b: the reusable workflow ./.github/workflows/other.yml",
    ],
  });
});

test.each([
  [
    "a tool that is not at hand",
    job("      - uses: actions/setup-node@v4\n        with: { node-version: 8 }\n"),
    /node 8 is asked for/,
  ],
  ["a shell that is not known", job("      - run: ls\n        shell: pwsh\n"), /the shell pwsh/],
  ["an expression that is not known", job(`      - run: echo \${{ hashFiles('x') }}\n`), /the function hashFiles/],
  ["needs in a circle", "on: push\njobs:\n  a: { runs-on: x, needs: a, steps: [] }\n", /needs that can be met/],
  [
    "a value of another job",
    `on: push\njobs:\n  a: { steps: [{ run: "echo \${{ needs.b.outputs.version }}" }] }\n`,
    /one job hands/,
  ],
  ["no YAML", "{ a: [", /Expected YAML/],
  ["no jobs", "on: push\n", /Expected "jobs"/],
])("runWorkflow() names %s as the reason", async (_, text, reason) => {
  const { outcome, reasons } = await run(text);

  expect(outcome).toBe("invalid");
  expect(reasons.join()).toMatch(reason);
});

test("runWorkflow() leaves no folder behind", async () => {
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith("assay-build-"));

  await run(job("      - run: mkdir -p deep/er && touch deep/er/x\n"));

  const after = readdirSync(tmpdir()).filter((name) => name.startsWith("assay-build-") && !before.includes(name));
  expect(after.filter((name) => existsSync(join(tmpdir(), name, "0/workspace/deep")))).toEqual([]);
});

test("readWorkflow() reads defaults, names and limits", () => {
  const { jobs } = readWorkflow(`on: push
defaults: { run: { shell: bash, working-directory: src } }
jobs:
  a: { name: All, timeout-minutes: 2, steps: [{ run: "make\\nmake test" }, { uses: actions/cache@v3 }] }
`);

  expect(jobs).toMatchObject([
    {
      id: "a",
      name: "All",
      minutes: 2,
      shell: "bash",
      folder: "src",
      steps: [{ name: "Run make" }, { name: "actions/cache@v3" }],
    },
  ]);
});
