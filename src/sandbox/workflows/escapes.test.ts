/** What a step may try on the runner itself, which works outside the isolation. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { hereExecutor } from "../here.ts";
import { runWorkflow } from "./run-workflow.ts";

/** A folder beside the build, with something in it that a build must neither read, change nor take away. */
let outside: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "assay-outside-"));
  mkdirSync(join(folder, "output"));
  writeFileSync(join(folder, "output/kept"), "kept");
  writeFileSync(join(folder, "key"), "TOKEN=not-yours\n");
  outside = folder;
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

const run = (steps: readonly string[], { signal }: { signal?: AbortSignal } = {}) => {
  const checkout = (folder: string) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "a.txt"), "hello\n");
  };
  const lines = steps.map((step) => (step.startsWith("uses:") ? step : `run: ${JSON.stringify(step)}`));
  return runWorkflow(`on: push\njobs:\n  test:\n    steps:\n${lines.map((line) => `      - ${line}\n`).join("")}`, {
    checkout,
    executor: hereExecutor(),
    limits: { seconds: 20 },
    ...(signal !== undefined && { signal }),
  });
};
const logsOf = (report: Awaited<ReturnType<typeof run>>): string[] =>
  report.jobs.flatMap(({ steps }) => steps.map(({ log }) => log.trim()));
const isUntouched = (): boolean =>
  readFileSync(join(outside, "output/kept"), "utf8") === "kept" && readdirSync(outside).sort().join() === "key,output";

test("a step cannot make the runner read for it what it may not read: links, pipes and floods say nothing", async () => {
  const report = await run([
    `ln -sf ${outside}/key "$GITHUB_ENV"; ln -sf ${outside}/key "$GITHUB_PATH"; rm "$GITHUB_OUTPUT"; mkfifo "$GITHUB_OUTPUT"`,
    'echo "$TOKEN $PATH"; rm "$GITHUB_PATH"; head -c 9000000 /dev/zero | tr "\\0" x > "$GITHUB_PATH"',
    `echo "\${#PATH}"`,
  ]);

  expect(report.outcome).toBe("success");
  expect(logsOf(report).join()).not.toContain("not-yours");
  expect(Number(logsOf(report)[2])).toBeLessThan(10_000);
});

test("a step cannot make the runner write or delete elsewhere through a link in place of the runner's own folder", async () => {
  const report = await run([`rm -rf ../.runner && ln -s ${outside} ../.runner`, "echo fine"]);

  expect(logsOf(report)[1]).toBe("fine");
  expect(isUntouched()).toBe(true);
});

test("a step that takes its home away, or puts a link there, does not end the build", async () => {
  const report = await run([
    "rm -rf ~ && ln -s /nowhere/at/all ~",
    "touch ~/made && rm -rf ~ && echo > ~",
    "cd ~ && echo home",
  ]);

  expect(logsOf(report)[2]).toBe("home");
});

test.each(["..", "../../..", "/tmp/elsewhere", "deep/../../x"])(
  "actions/checkout into %s is invalid, and writes nothing",
  async (path) => {
    const report = await run([`uses: actions/checkout@v4\n        with: { path: "${path}" }`]);

    expect(report).toMatchObject({ outcome: "invalid", reasons: [expect.stringContaining("out of the workspace")] });
  },
);

test("actions/checkout does not follow links that a step has left", async () => {
  const again = "uses: actions/checkout@v4";
  const whole = await run([`cd .. && rm -rf workspace && ln -s ${outside} workspace`, again, "cat a.txt"]);
  const part = await run([`ln -s ${outside} link`, `${again}\n        with: { path: link/deep }`]);

  expect(logsOf(whole)[2]).toBe("hello");
  expect(part.outcome).toBe("invalid");
  expect(isUntouched()).toBe(true);
});

test("a build that is told to stop has no outcome", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 300);

  await expect(run(["sleep 30"], { signal: stop.signal })).rejects.toThrow("aborted");
});

test("a broken value, and a matrix that unfolds without end, are reasons and no crash", async () => {
  const matrix = Array.from({ length: 9 }, (_, at) => `k${at}: [1, 2, 3, 4, 5, 6]`).join(", ");
  const options = { checkout: () => {}, executor: hereExecutor(), limits: { seconds: 5 } };

  const broken = await run([`echo \${{ fromJSON('{') }}`]);
  const endless = await runWorkflow(
    `on: push\njobs:\n  a: { strategy: { matrix: { ${matrix} } }, steps: [{ run: "true" }] }\n`,
    options,
  );

  expect(broken).toMatchObject({ outcome: "invalid", reasons: [expect.stringContaining("fromJSON")] });
  expect(endless).toMatchObject({ outcome: "invalid", reasons: [expect.stringContaining("256")] });
});
