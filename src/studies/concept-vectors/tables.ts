import { type MeasuredRecord, mean, meanInterval } from "#base";
import type { ComparedTable, MeasuredCell } from "#report";
import { armTitles, labelled } from "./arms.ts";
import { jailbreakPrefix } from "./concept.ts";
import type { StudyNull } from "./examine.ts";
import { keyOf, matching, meansBy, perConcept, type Wanted } from "./numbers.ts";

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

/** Everything of a table that nobody published. */
const measured = { source: "measured here", certainty: "measured here", published: [] } as const;

/** The main tables, three for each arm: every method in the weights, and what its answers say by two scores. */
export function mainTables(rows: Rows): ComparedTable[] {
  const sides = [inTheWeights, ...inTheAnswers(rows.records)];
  return armsIn(rows.records).flatMap((arm) =>
    sides.map(({ id, title, decimals, spans, columns }) => ({
      ...measured,
      id: `${id}-${arm}`,
      title: `${armTitles[arm] ?? arm}: ${title}`,
      unit: "share",
      decimals,
      spans,
      columns: columns.map(({ label }) => label),
      measured: methodsOf(rows.records, arm).map((place) => ({
        subject: whose(place, rows.kinds, place.method),
        kind: rows.kinds[place.subject] ?? "unknown",
        apart: [],
        cells: columns.map((column) => cellOf(rows.records, column, place)),
      })),
    })),
  );
}

interface Side extends Required<Pick<ComparedTable, "id" | "title" | "decimals" | "spans">> {
  readonly columns: readonly Column[];
}

const amongColumns = { null: "random-columns" } as const;

const inTheWeights: Side = {
  id: "weights",
  title: "what is left in the weights; z among other columns of the block",
  decimals: 3,
  spans: [{ label: "vector", columns: 5 }],
  columns: [
    { label: "Jaccard", metric: "jaccard", wanted: {} },
    { label: "its z", metric: "jaccardZ", wanted: amongColumns },
    { label: "cosine", metric: "cosine", wanted: {} },
    { label: "L2", metric: "distance", wanted: {} },
    { label: "its z", metric: "distanceZ", wanted: amongColumns },
  ],
};

function inTheAnswers(records: readonly MeasuredRecord[]): Side[] {
  const longest = Math.max(...matching(records, "relearntBleu").map(({ setting }) => Number(setting.relearning)));
  const behaviour = (metric: string, relearnt: string): Column[] => [
    { label: "target", metric, wanted: { group: "target" } },
    { label: "near", metric, wanted: { group: "near" } },
    { label: "far", metric, wanted: { group: "far" } },
    { label: "jailbreak", metric, wanted: {}, isJailbreak: true },
    { label: "relearnt", metric: relearnt, wanted: { relearning: longest } },
  ];
  const noLanguage: Column = { label: "target", metric: "degenerate", wanted: { group: "target" } };
  return [
    {
      id: "bleu",
      title: "what the answers say, BLEU to the original's",
      decimals: 3,
      spans: [{ label: "BLEU", columns: 5 }],
      columns: behaviour("bleu", "relearntBleu"),
    },
    {
      id: "recall",
      title: "what the answers say, recall of the right answer's words",
      decimals: 2,
      spans: [
        { label: "recall", columns: 5 },
        { label: "no language", columns: 1 },
      ],
      columns: [...behaviour("goldRecall", "relearntGoldRecall"), noLanguage],
    },
  ];
}

const intrinsicTitles = { jaccard: "Jaccard index of the top tokens", cosine: "Cosine", distance: "L2" } as const;

const nullTitles: Readonly<Record<StudyNull, string>> = {
  "random-columns": "other columns",
  "matched-norm": "equal length",
  "matched-displacement": "equal move",
  "matched-forgetting": "equal forgetting",
};

/** Each intrinsic number beside its four null distributions. */
export function nullTables({ records, kinds }: Rows): ComparedTable[] {
  const places = armsIn(records).flatMap((arm) => methodsOf(records, arm));
  if (places.length === 0) return [];
  const nulls = Object.keys(nullTitles) as StudyNull[];
  return Object.entries(intrinsicTitles).map(([metric, title]) => {
    const columns: Column[] = [
      { label: "value", metric, wanted: {} },
      ...nulls.flatMap((name) => [
        { label: "mean", metric: `${metric}Null`, wanted: { null: name } },
        { label: "z", metric: `${metric}Z`, wanted: { null: name } },
      ]),
      { label: "out of reach", metric: "outOfReach", wanted: {} },
    ];
    return {
      ...measured,
      id: `nulls-${metric}`,
      title: `${title} beside its null distributions`,
      decimals: 3,
      isDetail: true,
      unit: "the number's own unit; z in standard deviations of the draws",
      spans: [
        { label: "measured", columns: 1 },
        ...nulls.map((name) => ({ label: nullTitles[name], columns: name === "matched-forgetting" ? 3 : 2 })),
      ],
      columns: columns.map(({ label }) => label),
      measured: places.map((place) => rowOf(place, { records, kinds, columns })),
    };
  });
}

/** Where each method moved the vector, and what that direction does at Needle's distance; as a detail, the span of the likeliest vectors. */
export function moveTables({ records, kinds }: Rows): ComparedTable[] {
  const places = armsIn(records).flatMap((arm) => methodsOf(records, arm));
  if (places.length === 0) return [];
  const about = (columns: readonly Column[]) => ({
    ...measured,
    columns: columns.map(({ label }) => label),
    measured: places.map((place) => rowOf(place, { records, kinds, columns })),
  });
  return [
    {
      ...about([
        { label: "along it", metric: "direction", wanted: {} },
        { label: "Jaccard", metric: "scaled-jaccard", wanted: {} },
        { label: "cosine", metric: "scaled-cosine", wanted: {} },
        { label: "target", metric: "scaled-target", wanted: {} },
        { label: "far", metric: "scaled-unrelated", wanted: {} },
      ]),
      id: "moves",
      title: "The move of the value vector, and the same move stretched to Needle's distance",
      unit: "cosine; share; BLEU to the original's",
      decimals: 2,
      spans: [
        { label: "move", columns: 1 },
        { label: "stretched", columns: 4 },
      ],
    },
    {
      ...about([{ label: "widest angle", metric: "spanAngle", wanted: {} }]),
      id: "spans",
      title: "How far the span of the concept's likeliest vectors turned",
      unit: "degrees",
      isDetail: true,
    },
  ];
}

/** A row's name; the model's stands before it where there are several. */
const whose = ({ subject }: Pick<Place, "subject">, kinds: Rows["kinds"], what: string): string =>
  Object.keys(kinds).length > 1 ? `${subject}: ${what}` : what;

function rowOf(place: Place, { records, kinds, columns }: Rows & { readonly columns: readonly Column[] }) {
  const { subject, method, arm } = place;
  return {
    subject: whose(place, kinds, labelled(arm, `${method}, `)),
    kind: kinds[subject] ?? "unknown",
    apart: [],
    cells: columns.map((column) => cellOf(records, column, place)),
  };
}

/** The arms in the order in which they were examined. */
export const armsIn = (records: readonly MeasuredRecord[]): string[] => [
  ...new Set(matching(records, "cosine").map(({ setting }) => String(setting.arm))),
];

function methodsOf(records: readonly MeasuredRecord[], arm: string): Place[] {
  const pairs = matching(records, "cosine", { arm }).map(({ subject, setting }) =>
    JSON.stringify({ subject, method: setting.method, arm }),
  );
  return [...new Set(pairs)].map((pair) => JSON.parse(pair));
}

interface Place {
  readonly subject: string;
  readonly method: string;
  readonly arm: string;
}

/** With fewer concepts an interval says nothing. */
const fewest = 3;

function cellOf(
  records: readonly MeasuredRecord[],
  column: Column,
  { subject, method, arm }: Place,
): MeasuredCell | null {
  const own = matching(records, column.metric, { ...column.wanted, method, arm }).filter(
    (record) =>
      record.subject === subject && (!column.isJailbreak || String(record.setting.group).startsWith(jailbreakPrefix)),
  );
  // One number a concept, as the verdicts count.
  const numbers = perConcept(meansBy(own, keyOf));
  if (numbers.length === 0) return null;
  const n = numbers.length;
  return { value: mean(numbers), n, ...(n >= fewest ? { interval: meanInterval(numbers) } : {}) };
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
      ...measured,
      id: "ablations",
      title: "Taking the value vector away",
      unit: "BLEU to the original",
      decimals: 3,
      spans: names.map((label) => ({ label, columns: 2 })),
      columns: names.flatMap(() => ["target", "far"]),
      measured: rows.map((row) => {
        const [subject, arm] = JSON.parse(row) as [string, string];
        const cells = names.flatMap((ablation) =>
          ["ablatedTarget", "ablatedUnrelated"].map((metric) => cell(subject, { arm, ablation }, metric)),
        );
        return {
          subject: whose({ subject }, kinds, labelled(arm)),
          kind: kinds[subject] ?? "unknown",
          cells,
          apart: [],
        };
      }),
    },
  ];
}
