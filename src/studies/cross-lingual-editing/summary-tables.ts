/** What the matrices come to. */
import type { MeasuredRecord } from "#base";
import type { ComparedTable, MeasuredRow } from "#report";
import { errorClasses } from "./error-classes.ts";
import { cellOf, recordsWith, valuesOf, type Wanted } from "./find.ts";
import { measuredHere, type Rows } from "./matrix-tables.ts";

interface Column {
  readonly label: string;
  readonly metric: string;
  readonly wanted: Wanted;
}

interface Line {
  readonly name: string;
  readonly wanted: Wanted;
}

type Described = Pick<ComparedTable, "id" | "title" | "unit" | "rowLabel" | "spans"> & {
  readonly lines: readonly Line[];
  readonly columns: readonly Column[];
};

/** A table of lines and columns, a line for each subject; empty tables are left out. */
function tableOf({ records, kinds }: Rows, { lines, columns, ...about }: Described): ComparedTable[] {
  const subjects = [...new Set(records.map(({ subject }) => subject))];
  const measured = subjects.flatMap((subject): MeasuredRow[] => {
    const own = records.filter((record) => record.subject === subject);
    return lines.map(({ name, wanted }) => ({
      subject: subjects.length > 1 ? `${subject}: ${name}` : name,
      kind: kinds[subject] ?? "unknown",
      apart: [],
      cells: columns.map((column) => cellOf(recordsWith(own, column.metric, { ...wanted, ...column.wanted })[0])),
    }));
  });
  const filled = measured.filter(({ cells }) => cells.some((cell) => cell !== null));
  if (filled.length === 0) return [];
  return [{ ...measuredHere, decimals: 3, ...about, columns: columns.map(({ label }) => label), measured: filled }];
}

const editorsIn = (records: readonly MeasuredRecord[]): Line[] =>
  valuesOf(recordsWith(records, "elfi", { arm: "matrix" }), "editor").map((editor) => ({
    name: editor,
    wanted: { arm: "matrix", editor },
  }));

const three = (number: string): Column[] => [
  { label: "ELFI", metric: "elfi", wanted: { number } },
  { label: "ELFO", metric: "elfo", wanted: { number } },
  { label: "M₀", metric: "m0", wanted: { number } },
];

const spans = (labels: readonly string[]) => labels.map((label) => ({ label, columns: 3 }));

/** ELFI, ELFO and M₀ of every number, editor by editor. */
export function summaryTables(rows: Rows): ComparedTable[] {
  const lines = editorsIn(rows.records);
  const gaps: Column[] = ["elfiMinusM0", "elfoMinusM0", "elfiMinusElfo"].map((metric, at) => ({
    label: ["ELFI − M₀", "ELFO − M₀", "ELFI − ELFO"][at]!,
    metric,
    wanted: { number: "reliability" },
  }));
  return [
    ...tableOf(rows, {
      id: "reliability",
      rowLabel: "editor",
      title: "Reliability: at home and elsewhere",
      unit: "share",
      lines,
      columns: [...["reliability", "reliabilityExact", "reliabilityWritten", "writtenEither"].flatMap(three), ...gaps],
      spans: [
        ...spans(["token accuracy", "all tokens", "written", "written, own name or the edit's"]),
        { label: "token accuracy", columns: 3 },
      ],
    }),
    ...tableOf(rows, {
      id: "beyond",
      rowLabel: "editor",
      title: "Beyond the prompt: generalization, locality, portability, fluency",
      unit: "share; fluency in bits",
      lines,
      columns: ["generalization", "generalizationWritten", "locality", "portability", "fluency"].flatMap(three),
      spans: spans(["generalization", "generalization, written", "locality", "portability", "fluency"]),
    }),
    ...counterfactTable(rows),
  ];
}

/** CounterFact's own numbers, language by language, at home. */
function counterfactTable(rows: Rows): ComparedTable[] {
  const cells = recordsWith(rows.records, "score", { arm: "matrix" }).filter(
    ({ setting }) => setting.edit === setting.test,
  );
  const lines = valuesOf(cells, "editor").flatMap((editor) =>
    valuesOf(cells, "test").map((language) => ({
      name: `${editor === "none" ? "M₀" : editor}, ${language}`,
      wanted: { arm: "matrix", editor, edit: language, test: language },
    })),
  );
  const names = ["score", "es", "em", "ps", "pm", "ns", "nm"];
  const labels = ["S", "ES", "EM", "PS", "PM", "NS", "NM"];
  const columns = names.map((metric, at) => ({ label: labels[at]!, metric, wanted: {} }));
  return tableOf(rows, {
    id: "counterfact",
    rowLabel: "editor, language",
    title: "CounterFact's scores at home, P(new) against P(old)",
    unit: "share",
    lines,
    columns,
  });
}

/** ELFO by what two languages share. */
export function strataTable(rows: Rows): ComparedTable[] {
  const found = recordsWith(rows.records, "elfoIn", { arm: "matrix", number: "reliability" });
  const keys = [
    ...new Set(found.map(({ setting: { editor, stratum, value } }) => JSON.stringify({ editor, stratum, value }))),
  ];
  const lines = keys.map((key) => {
    const wanted = JSON.parse(key) as Record<string, string>;
    return { name: `${wanted.editor}: ${wanted.stratum} ${wanted.value}`, wanted: { arm: "matrix", ...wanted } };
  });
  const of = (number: string): Column[] => [
    { label: "ELFO", metric: "elfoIn", wanted: { number } },
    { label: "M₀", metric: "m0In", wanted: { number } },
    { label: "difference", metric: "elfoMinusM0In", wanted: { number } },
  ];
  return tableOf(rows, {
    id: "strata",
    rowLabel: "editor: languages",
    title: "Elsewhere, by what the two languages share",
    unit: "share",
    lines,
    columns: ["reliability", "reliabilityWritten", "generalization"].flatMap(of),
    spans: spans(["reliability", "written", "generalization"]),
  });
}

/** What went wrong, as shares of all cases. */
export function errorTable(rows: Rows): ComparedTable[] {
  const found = recordsWith(rows.records, "errorShare", { test: "all" });
  const keys = [
    ...new Set(
      found.map(({ setting: { arm, model, editor, place } }) => JSON.stringify({ arm, model, editor, place })),
    ),
  ];
  const lines = keys.map((key) => {
    const wanted = JSON.parse(key) as Record<string, string>;
    const where = wanted.place === "inside" ? "at home" : "elsewhere";
    const what = wanted.arm === "matrix" ? wanted.editor : `${wanted.arm} ${wanted.model}`;
    return { name: `${what}, ${where}`, wanted };
  });
  const columns = ["none", ...Object.keys(errorClasses)].map((name) => ({
    label: name === "none" ? "as wanted" : name,
    metric: "errorShare",
    wanted: { test: "all", class: name },
  }));
  return tableOf(rows, {
    id: "errors",
    rowLabel: "editor, where",
    title: "What the models wrote instead",
    unit: "share of cases",
    lines,
    columns,
  });
}

/** Merged models, and what is left of the gap. */
export function mergeTable(rows: Rows): ComparedTable[] {
  const found = recordsWith(rows.records, "elfi", { arm: "merge", number: "reliability" });
  const lines = valuesOf(found, "model").map((model) => ({ name: model, wanted: { model } }));
  const languages = valuesOf(recordsWith(rows.records, "known", { arm: "merge" }), "test");
  const columns: Column[] = [
    { label: "moved", metric: "moved", wanted: { arm: "merge" } },
    ...languages.map((test) => ({ label: `known, ${test}`, metric: "known", wanted: { arm: "merge", test } })),
    ...three("reliability").map((column) => ({ ...column, wanted: { ...column.wanted, arm: "merge" } })),
    { label: "ELFI − ELFO", metric: "elfiMinusElfo", wanted: { number: "reliability", arm: "merge" } },
    { label: "gap left beyond half", metric: "contrast", wanted: { contrast: "gap left beyond half" } },
    ...three("locality").map((column) => ({
      ...column,
      label: `${column.label}, locality`,
      wanted: { ...column.wanted, arm: "merge" },
    })),
  ];
  return tableOf(rows, {
    id: "merges",
    rowLabel: "model",
    title: "Edited again after merging two monolingual fine-tunes (ROME)",
    unit: "share; moved: ‖θ − θ₀‖ / ‖θ₀‖",
    lines,
    columns,
  });
}

/** Worlds with one knob turned. */
export function worldTable(rows: Rows): ComparedTable[] {
  const found = recordsWith(rows.records, "elfi", { arm: "controlled", number: "reliability" });
  const lines = valuesOf(found, "model").map((model) => ({ name: model, wanted: { model } }));
  const inArm = (column: Column): Column => ({ ...column, wanted: { ...column.wanted, arm: "controlled" } });
  const columns: Column[] = [
    ...three("reliability").map(inArm),
    inArm({ label: "ELFO − M₀", metric: "elfoMinusM0", wanted: { number: "reliability" } }),
    { label: "more than apart", metric: "contrast", wanted: { contrast: "more than apart" } },
    inArm({ label: "keys, A to B", metric: "keySimilarity", wanted: { edit: "A", test: "B" } }),
    inArm({ label: "keys, B to A", metric: "keySimilarity", wanted: { edit: "B", test: "A" } }),
    inArm({ label: "loss of training", metric: "trainingLoss", wanted: {} }),
  ];
  return tableOf(rows, {
    id: "worlds",
    rowLabel: "world",
    title: "Two invented tongues, one thing shared at a time (ROME)",
    unit: "share; keys as (k_b·u)/(k_a·u)",
    lines,
    columns,
  });
}

/** What was said before the edits, against what came. */
export function predictorTable(rows: Rows): ComparedTable[] {
  const found = recordsWith(rows.records, "correlation");
  const keys = [...new Set(found.map(({ setting: { editor, predictor } }) => JSON.stringify({ editor, predictor })))];
  const lines = keys.map((key) => {
    const wanted = JSON.parse(key) as { editor: string; predictor: string };
    return { name: `${wanted.editor}: ${wanted.predictor === "rankC" ? "RankC" : "key similarity"}`, wanted };
  });
  const columns = ["logGain", "reliabilityGain"].flatMap((outcome) =>
    ["spearman", "pearson"].map((coefficient) => ({
      label: coefficient,
      metric: "correlation",
      wanted: { outcome, coefficient },
    })),
  );
  const heads = [
    { label: "gain of log P(new object)", columns: 2 },
    { label: "gain of reliability", columns: 2 },
  ];
  return tableOf(rows, {
    id: "predictors",
    rowLabel: "editor: predictor",
    title: "Said before the edit, against what came elsewhere",
    unit: "correlation",
    lines,
    columns,
    spans: heads,
  });
}
