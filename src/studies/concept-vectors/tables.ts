import { type MeasuredRecord, mean, meanInterval } from "#base";
import type { ComparedTable, MeasuredCell } from "#report";
import { jailbreakPrefix } from "./concept.ts";
import { matching, type Wanted } from "./numbers.ts";

interface Column {
  readonly label: string;
  readonly metric: string;
  readonly wanted: Wanted;
  /** Jailbreaks are several groups. */
  readonly isJailbreak?: boolean;
}

interface Rows {
  readonly records: readonly MeasuredRecord[];
  readonly kinds: Readonly<Record<string, string>>;
}

/** The main table: every method, inside and outside, for each arm. */
export function mainTables({ records, kinds }: Rows): ComparedTable[] {
  const arms = [...new Set(matching(records, "cosine").map(({ setting }) => String(setting.arm)))];
  const longest = Math.max(...matching(records, "relearntBleu").map(({ setting }) => Number(setting.relearning)));
  const columns: Column[] = [
    { label: "Jaccard", metric: "jaccard", wanted: {} },
    { label: "z, other columns", metric: "jaccardZ", wanted: { null: "random-columns" } },
    { label: "null, equal move", metric: "jaccardNull", wanted: { null: "matched-displacement" } },
    { label: "cosine", metric: "cosine", wanted: {} },
    { label: "null, equal length", metric: "cosineNull", wanted: { null: "matched-norm" } },
    { label: "L2", metric: "distance", wanted: {} },
    { label: "z, other columns", metric: "distanceZ", wanted: { null: "random-columns" } },
    { label: "target", metric: "bleu", wanted: { group: "target" } },
    { label: "unrelated", metric: "bleu", wanted: { group: "far" } },
    { label: "near", metric: "bleu", wanted: { group: "near" } },
    { label: "jailbreak", metric: "bleu", wanted: {}, isJailbreak: true },
    { label: "relearnt", metric: "relearntBleu", wanted: { relearning: longest } },
    { label: "target", metric: "goldRecall", wanted: { group: "target" } },
    { label: "unrelated", metric: "goldRecall", wanted: { group: "far" } },
    { label: "jailbreak", metric: "goldRecall", wanted: {}, isJailbreak: true },
    { label: "relearnt", metric: "relearntGoldRecall", wanted: { relearning: longest } },
    { label: "no language", metric: "degenerate", wanted: { group: "target" } },
  ];
  return arms.map((arm) => ({
    ...{ id: `methods-${arm}`, title: `Methods, ${armTitles[arm] ?? arm}`, source: "measured here", unit: "share" },
    ...{ certainty: "measured here", decimals: 3, published: [] },
    spans: [
      { label: "inside: the value vector", columns: 7 },
      { label: "BLEU to the original", columns: 5 },
      { label: "gold recall", columns: 5 },
    ],
    columns: columns.map(({ label }) => label),
    measured: methodsOf(records, arm).map(({ subject, method }) => ({
      subject: `${subject}: ${method}`,
      kind: kinds[subject] ?? "unknown",
      cells: columns.map((column) => cellOf(records, column, { subject, method, arm })),
      apart: [],
    })),
  }));
}

const armTitles: Readonly<Record<string, string>> = {
  found: "found concepts",
  planted: "planted concepts (positive control)",
  spread: "spread concepts (negative control)",
  released: "the authors' concepts",
};

function methodsOf(records: readonly MeasuredRecord[], arm: string): { subject: string; method: string }[] {
  const pairs = matching(records, "cosine", { arm }).map(({ subject, setting }) =>
    JSON.stringify({ subject, method: setting.method }),
  );
  return [...new Set(pairs)].map((pair) => JSON.parse(pair));
}

interface Place {
  readonly subject: string;
  readonly method: string;
  readonly arm: string;
}

function cellOf(
  records: readonly MeasuredRecord[],
  column: Column,
  { subject, method, arm }: Place,
): MeasuredCell | null {
  const own = matching(records, column.metric, { ...column.wanted, method, arm }).filter(
    (record) =>
      record.subject === subject && (!column.isJailbreak || String(record.setting.group).startsWith(jailbreakPrefix)),
  );
  const numbers = own.map(({ value }) => value!);
  if (numbers.length === 0) return null;
  const n = numbers.length;
  return { value: mean(numbers), n, ...(n > 1 ? { interval: meanInterval(numbers) } : {}) };
}

/** What ablating the value vector does, without any training. */
export function ablationTable({ records, kinds }: Rows): ComparedTable[] {
  const found = matching(records, "ablatedTarget");
  const rows = [...new Set(found.map(({ subject, setting }) => JSON.stringify([subject, setting.arm])))];
  const names = [...new Set(found.map(({ setting }) => String(setting.ablation)))];
  if (rows.length === 0) return [];
  const cell = (subject: string, wanted: Wanted, metric: string): MeasuredCell | null => {
    const numbers = matching(records, metric, wanted).filter((record) => record.subject === subject);
    return numbers.length === 0 ? null : { value: mean(numbers.map(({ value }) => value!)), n: numbers.length };
  };
  return [
    {
      ...{
        id: "ablations",
        title: "Taking the value vector away",
        source: "measured here",
        unit: "BLEU to the original",
      },
      ...{ certainty: "measured here", decimals: 3, published: [] },
      spans: names.map((label) => ({ label, columns: 2 })),
      columns: names.flatMap(() => ["target", "unrelated"]),
      measured: rows.map((row) => {
        const [subject, arm] = JSON.parse(row) as [string, string];
        const cells = names.flatMap((ablation) =>
          ["ablatedTarget", "ablatedUnrelated"].map((metric) => cell(subject, { arm, ablation }, metric)),
        );
        return { subject: `${subject}: ${arm}`, kind: kinds[subject] ?? "unknown", cells, apart: [] };
      }),
    },
  ];
}
