import { type MeasuredRecord, mean, meanInterval } from "#base";
import { type ComparedTable, comparedTable, type MeasuredCell, type MeasuredRow } from "#report";
import { table1, table2 } from "./published.ts";

interface Rows {
  readonly records: readonly MeasuredRecord[];
  readonly kinds: Readonly<Record<string, string>>;
}

/** K, α, weights and θ: no score is read without them. */
const printed = ({ setting }: MeasuredRecord): string =>
  [
    `K ${setting.k}`,
    ...(setting.alpha === "–" ? [] : [`α ${setting.alpha}`]),
    `w ${setting.weights}`,
    `θ ${setting.theta}`,
  ].join(" · ");

/** A row's name: the explainer, how it differs, and what its scores depend on. */
const rowName = (record: MeasuredRecord): string => {
  const { explainer, variant } = record.setting;
  return `${explainer}${variant === "main" ? "" : ` (${variant})`} · ${printed(record)}`;
};

function cellOf(records: readonly MeasuredRecord[]): MeasuredCell | null {
  const values = records.flatMap(({ value }) => (value === null ? [] : [value]));
  if (values.length === 0) return null;
  const n = values.length;
  return { value: mean(values), n, ...(n > 1 ? { interval: meanInterval(values) } : {}) };
}

/** Tables 1 and 2 of the paper, with our rows under them: no row of ours shares the paper's data and models. */
export function paperTables(rows: Rows): ComparedTable[] {
  const main = rows.records.filter(({ setting }) => setting.variant === "main");
  return [table1, table2].map((table) => {
    const base = comparedTable(table, { records: [], kinds: rows.kinds });
    const spans =
      table.id === "table1"
        ? { spans: ["faithfulness", "stability", "sparsity"].map((label) => ({ label, columns: 4 })) }
        : {};
    const labels = base.columns.map((label) => label.replace(/^(F|St|Sp) /, ""));
    const columns = table.columns.map(({ metric, setting }) => ({ metric, setting }));
    return { ...base, ...spans, columns: labels, measured: rowsOf(main, { kinds: rows.kinds, columns }) };
  });
}

interface ColumnTest {
  readonly metric: string;
  readonly setting: MeasuredRecord["setting"];
}

function rowsOf(
  records: readonly MeasuredRecord[],
  { kinds, columns }: { kinds: Rows["kinds"]; columns: readonly ColumnTest[] },
): MeasuredRow[] {
  const groups = Map.groupBy(records, (record) => `${record.subject}: ${rowName(record)}`);
  return [...groups].flatMap(([subject, own]) => {
    const cells = columns.map(({ metric, setting }) => {
      const fits = own.filter(
        (record) =>
          record.metric === metric && Object.entries(setting).every(([name, value]) => record.setting[name] === value),
      );
      return cellOf(fits);
    });
    if (cells.every((cell) => cell === null)) return [];
    const { dataset } = own[0]!.setting;
    const isPaperData = columns.some(({ setting }) => setting.dataset === dataset);
    const apart = [
      isPaperData ? "the lab's own draw of Color, model and split" : `data: ${dataset}`,
      "α, weights and θ of the paper are not stated",
    ];
    return [{ subject, kind: kinds[own[0]!.subject] ?? "unknown", cells, apart }];
  });
}

const columns = [
  ["hard", "faithfulness"],
  ["chance", "chance"],
  ["KL", "softFaithfulness"],
  ["raw", "stability"],
  ["corrected", "correctedStability"],
  ["retrieval", "retrieval"],
  ["0.1 / K", "sparsity"],
  ["deletion", "deletion"],
  ["insertion", "insertion"],
  ["purity", "purity"],
  ["of clear patches", "clearPurity"],
  ["NMI", "nmi"],
  ["points at", "pointing"],
  ["IoU", "iou"],
] as const;

const spans = [
  { label: "faithfulness ↑, KL ↓", columns: 3 },
  { label: "stability ↓, retrieval ↑", columns: 3 },
  { label: "sparsity ↑", columns: 1 },
  { label: "causes: deletion ↓, insertion ↑", columns: 2 },
  { label: "known truth ↑", columns: 5 },
];

const shared = {
  source: "measured here",
  certainty: "measured here",
  unit: "share, but KL in nats",
  decimals: 3,
  published: [],
};

/** Every explainer on every scale. */
export function desiderataTable({ records, kinds }: Rows): ComparedTable {
  const main = records.filter(({ setting }) => setting.variant === "main");
  return {
    ...{
      id: "desiderata",
      title: "Explainers on one scale",
      ...shared,
      spans,
      columns: columns.map(([label]) => label),
    },
    measured: ownRows(main, kinds),
  };
}

/** PACE with other α, weights, labels and estimators: most of a score is decided there. */
export function variantsTable({ records, kinds }: Rows): ComparedTable {
  const own = records.filter(({ setting }) => setting.explainer === "PACE");
  return {
    ...{
      id: "variants",
      title: "What decides PACE's scores",
      ...shared,
      spans: spans.slice(0, 3),
      columns: columns.slice(0, 7).map(([label]) => label),
    },
    measured: ownRows(own, kinds).map((row) => ({ ...row, cells: row.cells.slice(0, 7) })),
  };
}

function ownRows(records: readonly MeasuredRecord[], kinds: Rows["kinds"]): MeasuredRow[] {
  const groups = Map.groupBy(records, (record) => `${record.subject}: ${rowName(record)}`);
  return [...groups].map(([subject, own]) => ({
    subject,
    kind: kinds[own[0]!.subject] ?? "unknown",
    cells: columns.map(([, metric]) => cellOf(own.filter((record) => record.metric === metric))),
    apart: [],
  }));
}

/** Levels, size, and how long each was tuned. */
export function explainersTable({ records, kinds }: Rows): ComparedTable {
  const main = records.filter(({ setting, metric }) => setting.variant === "main" && metric === "parsimony");
  const names = [...new Set(main.map(({ setting }) => String(setting.explainer)))];
  const of = (explainer: string, metric: string) =>
    cellOf(
      records.filter(
        ({ setting, ...record }) =>
          record.metric === metric && setting.explainer === explainer && setting.variant === "main",
      ),
    );
  return {
    ...{ id: "explainers", title: "Levels, parsimony and tuning", ...shared, unit: "counts", decimals: 1 },
    columns: ["concepts", "effective", "settings tried", "epochs", "seeds agree"],
    measured: names.map((explainer) => {
      const { subject, setting } = main.find((record) => record.setting.explainer === explainer)!;
      const cells = ["parsimony", "effectiveConcepts", "candidates", "epochs", "seedAgreement"].map((metric) =>
        of(explainer, metric),
      );
      return {
        subject: `${subject}: ${explainer} · ${setting.level} (data set, picture, patch)`,
        kind: kinds[subject] ?? "unknown",
        cells,
        apart: [],
      };
    }),
  };
}
