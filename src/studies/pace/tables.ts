import { type MeasuredRecord, mean } from "#base";
import { type ComparedTable, comparedTable, type MeasuredCell, type MeasuredRow } from "#report";
import { seedInterval } from "./over-seeds.ts";
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
    ...(setting.weights === "none" ? [] : [`w = ${setting.weights}`]),
    `θ: ${setting.theta}`,
  ].join(" · ");

/** A row's name: the explainer, how it differs, and what its scores depend on. */
const rowName = (record: MeasuredRecord): string => {
  const { explainer, variant } = record.setting;
  if (explainer === "random") return "random patches";
  return `${explainer}${variant === "main" ? "" : ` (${variant})`} · ${printed(record)}`;
};

function cellOf(records: readonly MeasuredRecord[]): MeasuredCell | null {
  const values = records.flatMap(({ value }) => (value === null ? [] : [value]));
  if (values.length === 0) return null;
  const n = values.length;
  // Several seeds: the chance of a start. One: the chance of the images.
  const interval =
    n > 1 ? seedInterval(records[0]!.metric, values) : records.find(({ value }) => value !== null)?.interval;
  return { value: mean(values), n, ...(interval === undefined ? {} : { interval }) };
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

/** Heading, column and metric; a column that nobody has a number for is left out. */
const columns = [
  ["faithfulness ↑, KL ↓", "hard", "faithfulness"],
  ["faithfulness ↑, KL ↓", "chance", "chance"],
  ["faithfulness ↑, KL ↓", "KL", "softFaithfulness"],
  ["stability ↓, retrieval ↑", "raw", "stability"],
  ["stability ↓, retrieval ↑", "corrected", "correctedStability"],
  ["stability ↓, retrieval ↑", "retrieval", "retrieval"],
  ["sparsity ↑", "0.1 / K", "sparsity"],
  ["causes", "deletion ↓", "deletion"],
  ["causes", "insertion ↑", "insertion"],
  ["known truth ↑", "purity", "purity"],
  ["known truth ↑", "of clear patches", "clearPurity"],
  ["known truth ↑", "NMI", "nmi"],
  ["known truth ↑", "points at", "pointing"],
  ["known truth ↑", "by chance", "pointingChance"],
  ["known truth ↑", "IoU", "iou"],
] as const;

const shared = {
  source: "measured here",
  certainty: "measured here",
  unit: "share, but KL in nats",
  decimals: 3,
  published: [],
};

function scaleTable(records: readonly MeasuredRecord[], kinds: Rows["kinds"]) {
  const used = columns.filter(([, , metric]) => records.some((record) => record.metric === metric));
  const spans = [...Map.groupBy(used, ([label]) => label)].map(([label, group]) => ({ label, columns: group.length }));
  const subjects = new Set(records.map(({ subject }) => subject));
  const groups = Map.groupBy(
    records,
    (record) => `${subjects.size > 1 ? `${record.subject}: ` : ""}${rowName(record)}`,
  );
  const measured = [...groups].map(([subject, own]) => ({
    subject,
    kind: kinds[own[0]!.subject] ?? "unknown",
    cells: used.map(([, , metric]) => cellOf(own.filter((record) => record.metric === metric))),
    apart: [],
  }));
  return { ...shared, spans, columns: used.map(([, label]) => label), measured };
}

/** Every explainer on every scale. */
export function desiderataTable({ records, kinds }: Rows): ComparedTable {
  const main = records.filter(({ setting }) => setting.variant === "main");
  return { id: "desiderata", title: "Explainers on one scale", rowLabel: "explainer", ...scaleTable(main, kinds) };
}

/** PACE with other α, weights, labels and estimators: most of a score is decided there. */
export function variantsTable({ records, kinds }: Rows): ComparedTable {
  const curves = ["deletion", "insertion"];
  const besides = ["compared", "path"];
  const own = records.filter(
    ({ setting, metric }) =>
      setting.explainer === "PACE" && !besides.includes(String(setting.variant)) && !curves.includes(metric),
  );
  return { id: "variants", title: "What decides PACE's scores", rowLabel: "explainer", ...scaleTable(own, kinds) };
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
    id: "explainers",
    rowLabel: "explainer",
    title: "Levels, parsimony and tuning",
    ...shared,
    unit: "counts",
    decimals: 1,
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
