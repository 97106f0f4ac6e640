import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Subject } from "#base";
import { askAll, controlSubject, resolveSubject } from "#evals";
import { conduct, createRun, type Run, resolveSettings, Store } from "#runs";
import module from "./module.ts";
import { repositoryDouble } from "./repository-double.ts";
import { settings as table } from "./settings.ts";
import study from "./study.ts";

const five = "library-codegen,code-completion,commit-messages,bug-localization,module-summarization";
const controls = ["oracle", "bm25", "tf-idf", "previous-line", "first-diff-line", "identity", "comments"].map(
  controlSubject,
);
const repository = repositoryDouble(mkdtempSync(join(tmpdir(), "assay-shapes-")));

interface Conducted {
  readonly subjects?: readonly Subject[];
  readonly assignments?: Readonly<Record<string, string>>;
  readonly limit?: number;
}

async function started({ subjects = controls, assignments = {}, limit }: Conducted) {
  const assigned = { repository, task: five, judge: "", ...assignments };
  const settings = resolveSettings(table, { study: "long-code-arena", preset: "tiny", assignments: assigned });
  const request = { settings, seed: 0, ...(limit !== undefined && { limit }) };
  const run = createRun(new Store(mkdtempSync(join(tmpdir(), "assay-arena-"))), {
    study: "long-code-arena",
    preset: "tiny",
    seed: 0,
    limit: limit ?? null,
    code: "test",
    settings,
    data: await study.identify(request),
    subjects: subjects.map(({ name, kind, identity }) => ({ name, kind, identity })),
  });
  return { run, settings, request };
}

/** Conducts a run; `stopAfter` answers it is cut off. */
async function proceed(run: Run, subjects: readonly Subject[], stopAfter = Number.POSITIVE_INFINITY): Promise<string> {
  let answered = 0;
  const ask = async (subject: Subject, asked: object) => {
    const answers = {
      has: (...key: Parameters<Run["has"]>) => run.has(...key),
      commit: (scored: Parameters<Run["commit"]>[0]) => {
        if (++answered > stopAfter) throw new Error("killed");
        run.commit(scored);
      },
    };
    await askAll({ ...(asked as Parameters<typeof askAll>[0]), subject, answers });
  };
  return conduct(study, run, { subjects, signal: new AbortController().signal, ask: ask as never });
}

async function conducted(options: Conducted = {}): Promise<Run> {
  const { run } = await started(options);
  await proceed(run, options.subjects ?? controls);
  return run;
}

const find = (run: Run, where: Record<string, unknown>) =>
  run
    .records()
    .filter((record) =>
      Object.entries(where).every(([name, value]) => ({ ...record.setting, ...record })[name] === value),
    );

test("long-code-arena: controls hold their claims on items of a repository's own history", async () => {
  const run = await conducted();

  const verdicts = run.verdicts().filter(({ claim }) => claim.startsWith("control-"));

  expect(verdicts.map(({ claim, status }) => [claim, status])).toEqual([
    ["control-oracle-is-perfect", "holds"],
    ["control-empty-patch-repairs-nothing", "not testable here"],
    ["control-identical-texts-score-50", "not testable here"],
  ]);
  for (const task of five.split(",")) expect(find(run, { task }), task).not.toEqual([]);
  expect(find(run, { metric: "map", subject: "baseline:bm25" })[0]!.value).toBeGreaterThan(0);
}, 60_000);

test("long-code-arena: a judge that is a miniature gives 50 to identical texts and no score to others", async () => {
  const run = await conducted({ assignments: { task: "module-summarization", judge: "mini:code" } });

  expect(find(run, { metric: "compScoreOfIdentical" }).map(({ value }) => value)).toEqual([50]);
  expect(find(run, { metric: "compScore" })).toEqual([]);
  expect(run.verdicts().find(({ claim }) => claim === "more-code-helps-documents")).toMatchObject({
    status: "not testable here",
    missing: expect.arrayContaining(["a judge that is no miniature"]),
  });
}, 60_000);

test("long-code-arena: a run that is killed twice ends with the hash of one that was not", async () => {
  const [whole, killed] = [await started({}), await started({})];
  const hash = await proceed(whole.run, controls);

  await expect(proceed(killed.run, controls, 3)).rejects.toThrow("killed");
  await expect(proceed(killed.run, controls, 5)).rejects.toThrow("killed");

  expect(await proceed(killed.run, controls)).toBe(hash);
}, 60_000);

test("long-code-arena: contexts by BM25, TF-IDF and embeddings stand beside each other", async () => {
  const context = "none,bm25,tf-idf,embeddings";
  const asked: { system: string | undefined; text: string }[] = [];

  await conducted({ subjects: [saying("x", asked)], assignments: { task: "code-completion", context }, limit: 1 });

  expect(asked).toHaveLength(4);
  expect(asked.map(({ text }) => text.includes("METASEP"))).toEqual([false, true, true, true]);
}, 60_000);

test("long-code-arena: BERTScore is measured where an encoder is given, and says which", async () => {
  const encoder = join(import.meta.dirname, "../../../test/golden/models/roberta");

  const run = await conducted({ assignments: { task: "commit-messages", encoder } });

  const [oracle] = find(run, { metric: "bertScore", subject: "baseline:oracle" });
  expect(oracle).toMatchObject({ comparability: { scorer: expect.stringContaining("encoder:roberta|") } });
  expect(oracle!.value).toBeCloseTo(1, 5);
  expect(find(run, { metric: "bertScore", subject: "baseline:first-diff-line" })[0]!.value).toBeLessThan(1);
}, 60_000);

/** A subject that gives one answer to everything, and keeps what it was asked. */
function saying(text: string | null, asked: { system: string | undefined; text: string }[] = []): Subject {
  return {
    name: "test/says",
    kind: "api",
    identity: text,
    ask: async ({ system, parts }) => {
      asked.push({ system, text: parts.map((part) => (part.type === "text" ? part.text : "")).join("") });
      return { text, finishReason: text === null ? "refusal" : "stop", latencyMs: 0, raw: null };
    },
  };
}

test("long-code-arena: missing, refused and unreadable answers score nothing and stay in every denominator", async () => {
  const [silent, refusing] = [
    await conducted({ subjects: [saying(null)] }),
    await conducted({
      subjects: [saying("I'm sorry, but I cannot help with that.")],
      assignments: { task: "bug-localization" },
    }),
  ];

  for (const task of five.split(",")) expect(find(silent, { task, metric: "missing" })[0]!.value, task).toBe(100);
  expect(find(silent, { metric: "apiRecall" })[0]).toMatchObject({ value: 0, n: 2 });
  expect(find(silent, { metric: "exact", lineClass: "all" })[0]!.value).toBe(0);
  expect(find(refusing, { metric: "refused" })[0]!.value).toBe(100);
  expect(find(refusing, { metric: "map" })[0]).toMatchObject({ value: 0, n: 2 });
}, 60_000);

test("long-code-arena: a subject is told the system prompt apart, and sees what the context composer chose", async () => {
  const asked: { system: string | undefined; text: string }[] = [];
  await conducted({
    subjects: [saying("x", asked)],
    assignments: { task: "code-completion,bug-localization" },
    limit: 1,
  });

  const [alone, behind, bug] = asked;

  expect(alone!.text.startsWith("import math\n") || alone!.text === "\n").toBe(true);
  expect(behind!.text).toContain("shapes/box.pyMETASEP\n");
  expect(bug!.system).toMatch(/^You are python java and kotlin developer/);
  expect(bug!.text).toContain("shapes/box.py\nshapes/measures.py");
}, 60_000);

test("long-code-arena: a model without a chat template goes on with lines and is asked nothing else", async () => {
  const run = await conducted({ subjects: [await resolveSubject("mini:code")], limit: 1 });

  expect(new Set(run.records().map(({ setting }) => setting.task))).toEqual(new Set(["code-completion"]));
  expect(find(run, { metric: "missing" }).length).toBeGreaterThan(0);
}, 60_000);

test("long-code-arena: the report shows prompts with what was cut, diffs, ranks, and rows that stand apart", async () => {
  const run = await conducted({ subjects: [...controls, saying('{"files": ["shapes/box.py"]}')] });

  const { tables, figures, groups, remarks } = await module.report(run, { pictures: true });

  expect(figures.map(({ id }) => id)).toEqual(["lines/classes", "ranks/2024"]);
  expect(groups.map(({ id }) => id)).toEqual([
    ...["library-codegen/none", "library-codegen/bm25", "code-completion/none", "code-completion/path-distance"],
    ...["commit-messages/detailed", "bug-localization/2024", "module-summarization/128"],
  ]);
  const prompts = groups.flatMap(({ samples }) => samples.map(({ prompt }) => prompt));
  expect(prompts.some((prompt) => prompt.includes("[cut] "))).toBe(true);
  expect(prompts.some((prompt) => /^@@ -/m.test(prompt))).toBe(true);
  const rows = tables.filter(({ published }) => published.length > 0).flatMap(({ measured }) => measured);
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every(({ apart }) => apart.includes("data differs from the paper's"))).toBe(true);
  expect(remarks.join(" ")).toContain("Commit messages stand in for issues");
}, 60_000);

test("long-code-arena: a plan counts the questions of every task and variant", async () => {
  const { request } = await started({ subjects: [] });

  const plan = await study.plan(request);

  expect(plan.samples).toBe(2 * 2 + 2 * 2 + 2 + 2 + 1);
  expect(plan.inputTokens).toBeGreaterThan(100);
}, 60_000);

test("long-code-arena: repositories that share commits have each item once, and those of one name are refused", async () => {
  const [place, again] = [mkdtempSync(join(tmpdir(), "assay-forks-")), mkdtempSync(join(tmpdir(), "assay-forks-"))];
  const forks = [repositoryDouble(join(place, "one")), repositoryDouble(join(place, "other"))];
  const assignments = { repository: forks.join(","), task: "bug-localization" };

  const { request } = await started({ assignments });
  const plan = await study.plan(request);

  expect(plan.samples).toBe(2);
  expect(plan.notes!.join()).toContain("2 items of several repositories count once");
  const twice = `${forks[0]},${repositoryDouble(join(again, "one"))}`;
  await expect(started({ assignments: { repository: twice } })).rejects.toMatchObject({ code: "REPOSITORY_TWICE" });
}, 60_000);

test("long-code-arena: an unknown control and a folder that is not there are errors that say what to do", async () => {
  const folder = mkdtempSync(join(tmpdir(), "assay-none-"));

  const { run } = await started({ subjects: [controlSubject("bm52")] });

  await expect(proceed(run, [controlSubject("bm52")])).rejects.toMatchObject({
    code: "CONTROL_MISSING",
    message: expect.stringContaining('did you mean "bm25"'),
  });
  await expect(started({ assignments: { repository: join(folder, "nowhere") } })).rejects.toMatchObject({
    code: "FILE_MISSING",
  });
});
