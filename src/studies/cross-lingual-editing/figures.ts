import type { MeasuredRecord } from "#base";
import { barChart, type Figure, groupLink, heatMap } from "#report";
import { recordsWith, valuesOf } from "./find.ts";
import { rowName } from "./matrix-tables.ts";

/** A percentage for people: a share times a hundred. */
const percent = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : 100 * value;

const drawn = [
  { metric: "reliability", title: "reliability, token accuracy" },
  { metric: "reliabilityWritten", title: "the new object written out" },
  { metric: "generalization", title: "generalization" },
  { metric: "locality", title: "locality" },
] as const;

/** A heat map an editor and number: cells lead to the prompts behind them, and M₀ is the last row. */
export function matrixFigures(records: readonly MeasuredRecord[], groups: ReadonlySet<string>): Figure[] {
  const subjects = [...new Set(records.map(({ subject }) => subject))];
  return subjects.flatMap((subject) => {
    const own = records.filter((record) => record.subject === subject && record.setting.arm === "matrix");
    const editors = valuesOf(recordsWith(own, "reliability"), "editor").filter((editor) => editor !== "none");
    return editors.flatMap((editor) =>
      drawn.flatMap((number) =>
        matrixFigure(own, { ...number, editor, subject, groups, isOnly: subjects.length === 1 }),
      ),
    );
  });
}

interface Drawing {
  readonly metric: string;
  readonly title: string;
  readonly editor: string;
  readonly subject: string;
  readonly groups: ReadonlySet<string>;
  readonly isOnly: boolean;
}

const unedited = "M₀, unedited";

function matrixFigure(
  records: readonly MeasuredRecord[],
  { metric, title: number, editor, subject, groups, isOnly }: Drawing,
): Figure[] {
  const own = recordsWith(records, metric, { editor }).filter(({ value }) => value !== null);
  if (own.length === 0) return [];
  const base = recordsWith(records, metric, { editor: "none" }).filter(({ setting }) => setting.edit === setting.test);
  const cell = (record: MeasuredRecord, row: string) => ({
    row,
    column: String(record.setting.test),
    value: percent(record.value),
    n: record.n,
    ...(record.interval ? { interval: { low: 100 * record.interval.low, high: 100 * record.interval.high } } : {}),
    ...(record.group !== undefined && groups.has(record.group) ? { href: groupLink(record.group) } : {}),
  });
  const rows = valuesOf(own, "edit").map(rowName);
  const title = `${isOnly ? "" : `${subject}: `}${editor}, ${number}`;
  const svg = heatMap({
    title,
    rows: [...rows, unedited],
    columns: valuesOf(own, "test"),
    unit: "%",
    rowLabel: "edit",
    columnLabel: "asked in",
    cells: [
      ...own.map((record) => cell(record, rowName(String(record.setting.edit)))),
      ...base.map((record) => cell(record, unedited)),
    ],
  });
  const caption = `Mean over ${Math.max(...own.map(({ n }) => n))} facts. The diagonal is ELFI, all else ELFO; the last row is the model before any edit. A cell leads to its prompts and answers.`;
  return [
    { id: `map-${isOnly ? "" : `${subject}-`}${editor}-${metric}`.replaceAll(/[^\w-]/g, "-"), title, caption, svg },
  ];
}

const predictors = [
  {
    metric: "keySimilarity",
    title: "Keys before the edit: (k_b·u) / (k_a·u)",
    caption:
      "1 means that the key in the other language takes all of the edit's value, 0 that it takes none. Computed before any output was looked at.",
  },
  {
    metric: "rankC",
    title: "RankC of the unedited model",
    caption: "How alike candidates are ranked in two languages, right or wrong.",
  },
  {
    metric: "transferRatio",
    title: "Transfer ratio of ROME",
    caption:
      "What an edit gains in the other language over M₀, as a share of what it gains at home; hatched where it gains nothing at home.",
  },
] as const;

/** What was said before, and the share of an edit that came across. */
export function predictorFigures(records: readonly MeasuredRecord[]): Figure[] {
  const [subject] = records.map((record) => record.subject);
  const own = records.filter((record) => record.subject === subject && record.setting.arm === "matrix");
  const languages = valuesOf(recordsWith(own, "reliability"), "test");
  return predictors.flatMap(({ metric, title, caption }) => {
    const cells = recordsWith(own, metric).filter(
      ({ setting }) => metric !== "transferRatio" || setting.editor === "rome",
    );
    if (!cells.some(({ value }) => value !== null)) return [];
    const svg = heatMap({
      title,
      rows: languages,
      columns: languages,
      unit: "",
      rowLabel: "edit",
      columnLabel: "asked in",
      decimals: 2,
      cells: cells.map(({ setting, value, n }) => ({
        row: String(setting.edit),
        column: String(setting.test),
        value,
        n,
      })),
    });
    return [{ id: `predictor-${metric}`, title, caption, svg }];
  });
}

/** What each thing shared carries across, over M₀. */
export function worldFigures(records: readonly MeasuredRecord[]): Figure[] {
  const found = recordsWith(records, "elfoMinusM0", { arm: "controlled", number: "reliability" });
  if (found.length === 0) return [];
  const title = "What two invented tongues share, and what an edit gains in the other one";
  const svg = barChart({
    title,
    x: { label: "ELFO less M₀, token accuracy" },
    decimals: 2,
    values: found.map(({ setting, value, n, interval }) => ({
      label: String(setting.model),
      value,
      n,
      ...(interval ? { low: interval.low, high: interval.high } : {}),
    })),
  });
  const caption =
    "Each world differs from `apart` by what its name says; ROME in one tongue, asked in the other. Lines are 95 % intervals over facts.";
  return [{ id: "worlds", title, caption, svg }];
}
