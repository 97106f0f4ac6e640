import { pageSections } from "./study-page.ts";

/** The files of a new study, by name: the smallest that runs, and a test that fails until its claims are written. */
export function studyTemplate(slug: string): Readonly<Record<string, string>> {
  const name = slug.replaceAll(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());
  return {
    "README.md": readme(slug),
    "claims.ts": claims,
    "data.ts": data,
    "index.ts": index(name),
    "measures.ts": measures,
    "module.ts": module,
    "report.ts": report,
    "settings.ts": settings,
    "study.test.ts": test(slug),
    "study.ts": study(slug),
  };
}

const prompts: Readonly<Record<(typeof pageSections)[number], (slug: string) => string>> = {
  Paper: () => "Title, authors, venue, link. Its claim in one sentence.",
  Question: () => "In plain words, with one picture.",
  "Run it": (slug) =>
    `\`\`\`\nnpx assay run ${slug} --preset mini\nnpx assay run ${slug} -m SUBJECT --preset paper\n\`\`\``,
  Map: () => `| paper | file | function | test |
| --- | --- | --- | --- |
| §2 data | \`data.ts\` | \`samplesOf()\` | \`study.test.ts\` |
| §3 metric | \`measures.ts\` | \`score()\` | \`study.test.ts\` |`,
  "What is recorded": () => "| column | unit | better |\n| --- | --- | --- |\n| exact | % of samples | higher |",
  Results: () => "Their number, ours, the difference, date, machine, run id.",
  Deviations: () => "What differs from the paper, and why.",
  "Details the paper leaves out": () => "What we had to decide.",
};

const readme = (slug: string): string =>
  `# ${slug}\n\n${pageSections.map((name) => `## ${name}\n\n${prompts[name](slug)}\n`).join("\n")}`;

const claims = `import type { Claim } from "#base";

/** What the paper claims, each with its test fixed before anything is measured. */
export const claims: readonly Claim[] = [];
`;

const settings = `import { z } from "zod";
import { defineSettings, type SettingsOf } from "#runs";

/** The numbers of the paper; smaller presets change only what is marked. */
export const settings = defineSettings({
  samples: {
    symbol: "n",
    meaning: "a whole number of samples",
    read: z.coerce.number().int().positive(),
    paper: 1000,
    from: "§2",
    tiny: 4,
    mini: 100,
  },
});

/** The frozen settings of one run. */
export type Settings = SettingsOf<typeof settings>;
`;

const data = `import type { Sample } from "#base";
import type { Settings } from "./settings.ts";

/** What the paper's data section says, one question a sample. */
export function* samplesOf({ samples }: Settings): Generator<Sample<string>> {
  for (let at = 0; at < samples; at++) {
    const truth = String(at);
    const parts = [{ type: "text" as const, text: \`Question \${at}\` }];
    const question = { parts, sampling: {}, controls: { oracle: () => truth } };
    yield { id: \`all/\${at}\`, group: "all", repeat: 0, question, truth };
  }
}
`;

const measures = `import type { Score } from "#base";

/**
 * Whether the answer is the truth.
 *
 *     exact = [answer = truth]
 */
export function score(response: string | null, truth: string): Score {
  return { exact: Number(response?.trim() === truth) };
}
`;

const study = (slug: string): string => `import { defineStudy } from "#runs";
import { claims } from "./claims.ts";
import { samplesOf } from "./data.ts";
import { score } from "./measures.ts";
import { settings } from "./settings.ts";

/** The method section. */
export default defineStudy({
  id: "${slug}",
  paper: { title: "", authors: "", venue: "", link: "", claim: "" },
  question: "",
  settings,
  claims,
  published: [],
  needs: { subject: "any", mini: "", paper: "" },
  miniatureSubjects: ["baseline:oracle"],
  identify: async () => null,
  plan: async ({ settings: { samples } }) => ({
    samples,
    calls: samples,
    images: 0,
    imageBytes: 0,
    inputTokens: 0,
    outputTokens: 0,
    notes: ["tokens are not estimated yet"],
  }),
  conduct: async ({ settings, subjects, run, ask }) => {
    // §3 Every subject answers every sample.
    for (const subject of subjects) {
      await ask(subject, { samples: samplesOf(settings), score, total: settings.samples });
      const answers = [...run.answers({ subject: subject.name })];
      const exact = answers.filter((answer) => answer.score.exact === 1).length;
      const value = (100 * exact) / answers.length;
      run.record({ subject: subject.name, setting: {}, metric: "exact", value, n: answers.length, group: "all" });
    }
  },
});
`;

const report = `import type { MeasuredRecord, PublishedTable } from "#base";
import { type ComparedTable, comparedTable } from "#report";

/** What the paper prints in its first table. */
export const published: PublishedTable = {
  id: "table1",
  title: "",
  source: "Table 1",
  certainty: "read in the paper",
  unit: "%",
  columns: [],
  rows: [],
};

/** Table 1, with the measured rows that may stand in it. */
export function table1(records: readonly MeasuredRecord[], kinds: Readonly<Record<string, string>>): ComparedTable {
  return comparedTable(published, { records, kinds });
}
`;

const module = `import type { Report } from "#report";
import type { Run } from "#runs";
import type { StudyModule } from "../module.ts";
import { table1 } from "./report.ts";
import study from "./study.ts";

async function report(run: Run): Promise<Report> {
  const { subjects, settings, preset, seed, data, code } = run.manifest;
  const kinds = Object.fromEntries(subjects.map(({ name, kind }) => [name, kind]));
  return {
    title: study.id,
    paper: study.paper,
    question: study.question,
    run: { id: run.id, createdAt: "", preset, seed, resultHash: null, subjects, settings, hashes: { data, code } },
    verdicts: [],
    tables: [table1(run.records(), kinds)],
    figures: [],
    groups: [],
    remarks: [],
  };
}

export default { study, report } satisfies StudyModule;
`;

const index = (name: string): string => `export { claims } from "./claims.ts";
export { samplesOf } from "./data.ts";
export { score } from "./measures.ts";
export { published, table1 } from "./report.ts";
export { type Settings, settings } from "./settings.ts";
export { default as ${name} } from "./study.ts";
`;

const test = (slug: string): string => `import { expect, test } from "vitest";
import { claims } from "./claims.ts";
import { samplesOf } from "./data.ts";
import { score } from "./measures.ts";

test("score() accepts the truth and nothing else", () => {
  expect(score(" 3 ", "3")).toEqual({ exact: 1 });
  expect(score("4", "3")).toEqual({ exact: 0 });
  expect(score(null, "3")).toEqual({ exact: 0 });
});

test("samplesOf() names every sample once", () => {
  const ids = [...samplesOf({ samples: 4 })].map(({ id }) => id);

  expect(new Set(ids).size).toBe(4);
});

test("${slug}: the paper's claims are written down before anything is measured", () => {
  expect(claims).not.toEqual([]);
});
`;
