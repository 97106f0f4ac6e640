/** The lab end to end on the smallest study: settings, store, controls, scores, records, claims, table. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import type { Claim, PublishedTable, Sample } from "#base";
import { askAll, controlSubject } from "#evals";
import { comparedTable } from "#report";
import { conduct, createRun, defineSettings, defineStudy, openRun, resolveSettings, Store, takeUpRun } from "#runs";

const settings = defineSettings({
  questions: { meaning: "a whole number", read: z.coerce.number().int(), paper: 100, from: "§1", tiny: 5 },
});

const claim: Claim = {
  id: "knows",
  statement: "The subject knows more than half",
  place: "§1",
  certainty: "read in the paper",
  test: { statistic: "share right", direction: "above 50 %", margin: "none" },
  needs: ["right"],
  judge: (records) =>
    records.map(({ subject, value, n }) => {
      const status = (value ?? 0) > 50 ? "holds" : "fails";
      return { claim: "knows", subject, status, evidence: `${value} % of ${n}`, n };
    }),
};

const study = defineStudy({
  id: "skeleton",
  paper: { title: "T", authors: "A", venue: "V", link: "L", claim: "C" },
  question: "Does it know?",
  settings,
  claims: [claim],
  published: [],
  needs: { subject: "any", mini: "nothing", paper: "nothing" },
  miniatureSubjects: ["baseline:oracle"],
  identify: async () => "no data",
  plan: async () => ({
    samples: 5,
    calls: 5,
    images: 0,
    imageBytes: 0,
    inputTokens: 5,
    outputTokens: 5,
    notes: [],
  }),
  conduct: async ({ settings: { questions }, subjects, run, ask }) => {
    for (const subject of subjects) {
      await ask(subject, {
        samples: samplesOf(questions),
        score: (text, truth) => ({ right: Number(text === truth) }),
      });
      const scores = [...run.answers({ subject: subject.name })].map(({ score }) => score.right ?? 0);
      const value = (100 * scores.reduce((sum, score) => sum + score, 0)) / scores.length;
      run.record({
        subject: subject.name,
        setting: { questions },
        metric: "right",
        value,
        n: scores.length,
        group: "all",
      });
    }
  },
});

function* samplesOf(count: number): Generator<Sample<string>> {
  for (let at = 0; at < count; at++) {
    const controls = { oracle: () => `${at}`, absent: () => "-1" };
    yield { id: `q${at}`, group: "all", repeat: 0, truth: `${at}`, question: { parts: [], sampling: {}, controls } };
  }
}

const subjects = ["oracle", "absent"].map(controlSubject);
const signal = new AbortController().signal;
const manifest = {
  study: "skeleton",
  preset: "tiny" as const,
  seed: 0,
  limit: null,
  data: "no data",
  code: "test",
  settings: resolveSettings(settings, { study: "skeleton", preset: "tiny", assignments: {} }),
  subjects: subjects.map(({ name, kind, identity }) => ({ name, kind, identity })),
};

test("a study of a few lines goes through store, scorer, claims and table", async () => {
  const store = new Store(mkdtempSync(join(tmpdir(), "assay-skeleton-")));
  const run = createRun(store, manifest);
  const ask = asker(run);

  const hash = await conduct(study, run, { subjects, signal, ask });

  const finished = openRun(store, "skeleton");
  expect(finished.verdicts().map(({ subject, status }) => [subject, status])).toEqual([
    ["baseline:oracle", "holds"],
    ["baseline:absent", "fails"],
  ]);
  const kinds = Object.fromEntries(subjects.map(({ name, kind }) => [name, kind]));
  const rows = comparedTable(published, { records: finished.records(), kinds }).measured;
  expect(rows.map(({ subject, apart }) => [subject, apart[0]])).toEqual([
    ["baseline:oracle", "a control, not a model"],
    ["baseline:absent", "a control, not a model"],
  ]);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
});

test("a study that is interrupted after any answer ends with the same result hash", async () => {
  const whole = await conductWith(Infinity);

  for (const interruptAfter of [0, 1, 4, 5, 9]) expect(await conductWith(interruptAfter)).toBe(whole);
});

const published: PublishedTable = {
  id: "t1",
  title: "T",
  source: "Table 1",
  certainty: "read in the paper",
  unit: "%",
  rows: [],
  columns: [
    {
      label: "right",
      metric: "right",
      setting: { questions: 5 },
      requires: { data: "d", prompt: "p", split: "s", scorer: "c", settings: "x" },
    },
  ],
};

type Ask = Parameters<typeof conduct>[2]["ask"];

const asker =
  (run: ReturnType<typeof createRun>, onCommit: () => void = () => {}): Ask =>
  async (subject, asked) => {
    const answers = {
      has: run.has.bind(run),
      commit: (scored: Parameters<typeof run.commit>[0]) => {
        onCommit();
        run.commit(scored);
      },
    };
    await askAll({ ...asked, subject, answers });
  };

async function conductWith(interruptAfter: number): Promise<string> {
  const store = new Store(mkdtempSync(join(tmpdir(), "assay-skeleton-")));
  const run = createRun(store, manifest);
  let left = interruptAfter;
  const interrupting = asker(run, () => {
    if (left-- <= 0) throw new Error("interrupted");
  });
  try {
    return await conduct(study, run, { subjects, signal, ask: interrupting });
  } catch {
    const again = takeUpRun(store, run.id);
    return conduct(study, again, { subjects, signal, ask: asker(again) });
  }
}
