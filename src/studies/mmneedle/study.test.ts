import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Subject } from "#base";
import { askAll, controlSubject } from "#evals";
import { conduct, createRun, type Run, resolveSettings, Store } from "#runs";
import module from "./module.ts";
import { settings as table } from "./settings.ts";
import study from "./study.ts";

const controls = ["oracle", "random", "first-cell", "absent"].map(controlSubject);

interface Conducted {
  readonly subjects?: readonly Subject[];
  readonly assignments?: Readonly<Record<string, string>>;
  readonly limit?: number;
}

/** A finished run of the tiny preset. */
async function conducted({ subjects = controls, assignments = {}, limit }: Conducted = {}): Promise<Run> {
  const settings = resolveSettings(table, { study: "mmneedle", preset: "tiny", assignments });
  const request = { settings, seed: 0, ...(limit !== undefined && { limit }) };
  const run = createRun(new Store(mkdtempSync(join(tmpdir(), "assay-mmneedle-"))), {
    study: "mmneedle",
    preset: "tiny",
    seed: 0,
    limit: limit ?? null,
    code: "test",
    settings,
    data: await study.identify(request),
    subjects: subjects.map(({ name, kind, identity }) => ({ name, kind, identity })),
  });
  const ask = async (subject: Subject, asked: object) => {
    await askAll({ ...(asked as Parameters<typeof askAll>[0]), subject, answers: run });
  };
  await conduct(study, run, { subjects, signal: new AbortController().signal, ask: ask as never });
  return run;
}

const find = (run: Run, where: Record<string, unknown>) =>
  run
    .records()
    .filter((record) =>
      Object.entries(where).every(([name, value]) => ({ ...record.setting, ...record })[name] === value),
    );

test("mmneedle: controls hold their claims, and claims about models wait for a model", async () => {
  const run = await conducted();

  const verdicts = Object.groupBy(run.verdicts(), ({ claim }) =>
    claim.startsWith("control-") ? "controls" : "models",
  );

  expect(verdicts.controls!.map(({ status }) => status)).toEqual(["holds", "holds", "holds"]);
  expect(new Set(verdicts.models!.map(({ status }) => status))).toEqual(new Set(["not testable here"]));
}, 60_000);

test("mmneedle: --limit asks the first N of each split, the same ones that the whole run asks", async () => {
  const [whole, limited] = [await conducted(), await conducted({ limit: 3 })];
  const samples = (run: Run) =>
    new Set([...run.answers({ subject: "baseline:random" })].map(({ sample, text }) => `${sample} ${text}`));

  expect(samples(limited).size).toBeLessThan(samples(whole).size);
  expect([...samples(limited)].filter((sample) => !samples(whole).has(sample))).toEqual([]);
  expect(find(limited, { metric: "existence", split: "negative" }).every(({ n }) => n === 3)).toBe(true);
}, 60_000);

/** A subject that really receives pictures and counts their bytes. */
function lookingSubject(seen: { bytes: number; texts: string[] }): Subject {
  return {
    name: "test/looks",
    kind: "api",
    identity: "looks",
    ask: async ({ parts }) => {
      for (const part of parts) {
        if (part.type === "text") seen.texts.push(part.text);
        else seen.bytes += (await part.load()).length;
      }
      return { text: "The needle is at (1, 1, 1).", finishReason: "stop", latencyMs: 0, raw: null };
    },
  };
}

test("mmneedle: a subject is sent M pictures and then the prompt, and dressed answers show as format failures", async () => {
  const seen = { bytes: 0, texts: [] as string[] };
  const run = await conducted({
    subjects: [lookingSubject(seen)],
    assignments: { pictures: "2", side: "2", needles: "1" },
    limit: 4,
  });

  expect(seen.texts).toHaveLength(8);
  expect(seen.texts[0]).toMatch(/^Given 2 images indexed from 1 to 2, each divided into 2\*2 subimages/);
  expect(seen.bytes).toBeGreaterThan(10_000);
  expect(find(run, { metric: "exact" })[0]!.value).toBe(0);
  expect(find(run, { metric: "formatFailure" }).map(({ value }) => value)).toEqual([100, 100]);
}, 60_000);

test("mmneedle: a run on scenes stands apart from every published table and says why", async () => {
  const run = await conducted({ subjects: [lookingSubject({ bytes: 0, texts: [] })], limit: 2 });

  const { tables } = await module.report(run, { pictures: false });

  const rows = tables.filter(({ published }) => published.length > 0).flatMap(({ measured }) => measured);
  expect(rows).not.toEqual([]);
  expect(rows.every(({ apart }) => apart.includes("data differs from the paper's"))).toBe(true);
}, 60_000);

test("mmneedle: the report shows tables, heat maps and samples whose pictures carry the needle's cell", async () => {
  const run = await conducted({ assignments: { pictures: "1", side: "2", needles: "1" } });

  const { tables, figures, groups } = await module.report(run, { pictures: true });

  expect(tables.map(({ id }) => id)).toEqual(["table2", "table5", "format-1-positive"]);
  expect(figures.filter(({ id }) => id.startsWith("cells/")).length).toBe(4);
  const [sample] = groups.find(({ id }) => id === "M1-N2-K1/positive")!.samples;
  expect(sample!.pictures[0]!.marks).toContainEqual(expect.objectContaining({ kind: "truth", width: 0.5 }));
  const links = figures.flatMap(({ svg }) => [...svg.matchAll(/href="#group-([^"]+)"/g)]);
  expect(links.length).toBeGreaterThan(0);
}, 60_000);

test("mmneedle: a plan counts what is asked, with the bytes of pictures that were drawn", async () => {
  const settings = resolveSettings(table, {
    study: "mmneedle",
    preset: "tiny",
    assignments: { pictures: "2", side: "2", needles: "1" },
  });

  const plan = await study.plan({ settings, seed: 0, limit: 5 });

  expect(plan).toMatchObject({ samples: 10, calls: 10, images: 20 });
  expect(plan.imageBytes).toBeGreaterThan(20 * 1000);
  expect(plan.inputTokens).toBeGreaterThan(100);
});

test("mmneedle: scoring files knows one setting and refuses others", () => {
  const file = {
    name: "answers.jsonl",
    text: '{"truth":"1, 2, 2","response":null}\n{"truth":"1, 2, 2","response":"1, 2, 2"}',
  };

  expect(module.scoreFile(file, {}).metrics.exact).toEqual({ value: 100, n: 1 });
  expect(module.scoreFile(file, { nullAsWrong: "true" }).metrics.exact).toEqual({ value: 50, n: 2 });
  expect(() => module.scoreFile(file, { side: "2" })).toThrow("Expected nullAsWrong");
});

test("mmneedle: the paper's preset asks 16,800 questions with 103,200 pictures, as the README says", async () => {
  const settings = resolveSettings(table, {
    study: "mmneedle",
    preset: "paper",
    assignments: { source: "scenes", cell: "16" },
  });

  const plan = await study.plan({ settings, seed: 0 });

  expect(plan).toMatchObject({ samples: 16_800, images: 103_200 });
}, 120_000);

test("mmneedle: a retrieval baseline is measured as a model is, and no claim is judged by it", async () => {
  const subject: Subject = { ...lookingSubject({ bytes: 0, texts: [] }), name: "test/finds", kind: "retrieval" };

  const run = await conducted({
    subjects: [subject],
    assignments: { pictures: "1,2", side: "2", needles: "1" },
    limit: 3,
  });

  expect(find(run, { subject: "test/finds", metric: "exact" }).length).toBeGreaterThan(0);
  expect(new Set(run.verdicts().map(({ status }) => status))).toEqual(new Set(["not testable here"]));
}, 60_000);
