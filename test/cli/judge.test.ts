// Exercises: src/studies/concept-vectors/judge.ts src/studies/concept-vectors/study.ts src/cli/session.ts
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listRuns, openRun, Store } from "#runs";
import { startServer, type TestServer } from "../server/server.ts";
import { startAssay } from "./processes.ts";

const key = "sk-judge-0123456789abcdef";
const home = mkdtempSync(join(tmpdir(), "assay-judge-"));
const env = { ASSAY_HOME: home, OPENAI_COMPATIBLE_API_KEY: key };
let server: TestServer;

// One candidate is clear: the second that is asked about. Two arms, found and spread, have no place and four candidates each.
beforeAll(async () => {
  const clear = new Set<string>();
  server = await startServer({
    answer: ({ text }) => {
      if (clear.size === 0 && server.log.filter(({ event }) => event === "asked").length > 1) clear.add(text);
      return `{"score": ${clear.has(text) ? 0.95 : 0.1}}`;
    },
  });
});
afterAll(() => server.close());

const settings = ["methods=needle", "relearning=0", "forgettingDraws=0", "judged=4"];
const study = ["run", "concept-vectors", "--preset", "tiny", ...settings.flatMap((one) => ["--set", one])];

async function assay(...words: string[]) {
  const running = startAssay(words, { env });
  return { ...running, code: await running.ended };
}

const asked = (): number => server.log.filter(({ event }) => event === "asked").length;

function stored() {
  using store = new Store(home);
  const run = openRun(store, listRuns(store)[0]!.id);
  const clarity = run.records().filter(({ metric, value }) => metric === "clarity" && value !== null);
  const located = run.records().filter(({ metric }) => metric === "column");
  return { id: run.id, answers: [...run.answers()], clarity, located };
}

test("a judge is asked once for each candidate, decides, is stored, and its key is nowhere", async () => {
  const judge = `openai-compatible/needle@${server.url}/v1`;
  server.misbehave("500");

  const run = await assay(...study, "--set", `judge=${judge}`, "-j", "1", "--no-cache");

  expect(run.code, run.stderr()).toBe(0);
  const { answers, clarity } = stored();
  expect(answers.map(({ subject, score }) => [subject, score.clarity]).sort()).toEqual(
    [...Array(7).fill(0.1), 0.95].map((score) => [judge, score]),
  );
  expect(clarity.map(({ value }) => value)).toEqual([0.95, 0.1]);
  expect(asked()).toBe(9);
  expect(run.stdout()).toContain(`were judged by ${judge}`);
  expect(readFileSync(join(home, "store.sqlite")).includes(key)).toBe(false);
  expect(run.stdout() + run.stderr()).not.toContain(key);
}, 120_000);

test("a judge that fails stops the run, which goes on where it was and asks nothing again", async () => {
  server.misbehave("right", "right", "unauthorized");
  const judge = `openai-compatible/other@${server.url}/v1`;
  const before = asked();

  const first = await assay(...study, "--set", `judge=${judge}`, "-j", "1", "--no-cache");
  const { id } = stored();
  const second = await assay("resume", id, "-j", "1", "--no-cache");

  expect(first.code).not.toBe(0);
  expect(second.code, second.stderr()).toBe(0);
  expect(stored().answers).toHaveLength(8);
  expect(asked() - before).toBe(9);
}, 120_000);

test("a judge that nobody knows, or whose key is missing, is refused by name", async () => {
  const [unknown, keyless] = [
    await assay(...study, "--set", "judge=oracle"),
    await assay(...study, "--set", "judge=openai/gpt-4o"),
  ];

  expect([unknown.code, keyless.code]).toEqual([2, 2]);
  expect(unknown.stderr()).toContain("oracle");
  expect(keyless.stderr()).toContain("OPENAI_API_KEY");
}, 120_000);
