import { type MeasuredRecord, mean } from "#base";
import { conceptPage, dotPlot, type Figure, type GalleryTile, heatMap, lineChart, pictureGallery } from "#report";
import type { Run } from "#runs";
import type { Gallery, ShownConcept, ShownPatch } from "./gallery.ts";
import { seedInterval } from "./over-seeds.ts";
import type { StoredExaminee } from "./stored.ts";

/** A shown concept model with the run that keeps its pictures. */
interface Shown {
  readonly run: Run;
  readonly subject: string;
  readonly gallery: Gallery;
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
const badgeOf = (concept: number): string => String(concept + 1);

/** Pictures first: gallery, classes, pages, then curves and comparisons. */
export function figuresOf(run: Run, examinees: readonly StoredExaminee[]): Figure[] {
  return examinees.flatMap(({ gallery, subject, comparison }) => {
    if (gallery === null) return [];
    const shown = { run, subject, gallery };
    return [
      dataSetGallery(shown),
      ...classGallery(shown),
      ...gallery.pictures.map((_, at) => page(shown, at)),
      boundCurve(shown),
      ...(comparison === null ? [] : twoStarts(shown, comparison)),
    ];
  });
}

/** Concepts in the order of their mass keep one colour through all figures. */
const kindsOf = ({ concepts }: Gallery): Map<number, number> =>
  new Map(concepts.map(({ concept }, at) => [concept, at]));

const tileOf = (run: Run, { picture, name, box, share }: ShownPatch): GalleryTile => ({
  bytes: run.getArtefact(picture),
  title: `${name}: ${percent(share)} this concept`,
  box,
});

/** The concepts of the data set, commonest first. */
function dataSetGallery({ run, subject, gallery }: Shown): Figure {
  const title = `${subject}: concepts of the data set`;
  const rows = gallery.concepts.map(({ concept, mass, patches }, kind) => ({
    kind,
    name: badgeOf(concept),
    note: `${percent(mass)} of what the model looks at`,
    tiles: patches.map((patch) => tileOf(run, patch)),
  }));
  const caption =
    "Each concept with the patches that show it most surely, one a picture; the square is the patch, around it its surroundings. Numbers and colours are the same in every figure.";
  return { id: `gallery/${subject}`, title, caption, svg: pictureGallery({ title, groups: [{ rows }] }) };
}

const topConcepts = 3;

/** Each class with the concepts that its pictures have more of than others. */
function classGallery({ run, subject, gallery }: Shown): Figure[] {
  const kinds = kindsOf(gallery);
  const byConcept = new Map(gallery.concepts.map((one) => [one.concept, one]));
  const groups = gallery.classes.map((name, label) => {
    const means = gallery.classMeans[label];
    if (means === null || means === undefined) return { heading: `${name}: no picture got this answer`, rows: [] };
    const order = means
      .map((_, k) => k)
      .sort((a, b) => means[b]! - means[a]!)
      .slice(0, topConcepts);
    const rows = order.map((k) =>
      rowOf(run, byConcept.get(k)!, { kind: kinds.get(k)!, note: `${percent(means[k]!)} of these pictures` }),
    );
    return { heading: name, rows };
  });
  const title = `${subject}: concepts of each class`;
  const caption = `The ${topConcepts} concepts with the largest mean θ over test pictures that got the answer, without fitting anew.`;
  return [{ id: `classes/${subject}`, title, caption, svg: pictureGallery({ title, groups, columns: 3 }) }];
}

const rowOf = (run: Run, { concept, patches }: ShownConcept, { kind, note }: { kind: number; note: string }) => ({
  kind,
  name: badgeOf(concept),
  note,
  tiles: patches.slice(0, 3).map((patch) => tileOf(run, patch)),
});

/** One picture: overlay, θ and heat maps. */
function page({ run, subject, gallery }: Shown, at: number): Figure {
  const one = gallery.pictures[at]!;
  const kinds = kindsOf(gallery);
  const answer = gallery.classes[one.predicted] ?? String(one.predicted);
  const truth = gallery.classes[one.label] ?? String(one.label);
  const title = `${subject}: ${one.name}`;
  const svg = conceptPage({
    title,
    bytes: run.getArtefact(one.picture),
    width: one.width,
    height: one.height,
    grid: one.grid,
    patches: one.patches,
    shares: one.theta,
    shareName: "the picture's concepts, θ",
    kinds: one.theta.map((_, concept) => ({ kind: kinds.get(concept)!, name: badgeOf(concept) })),
    lines: [
      `says ${answer}, ${percent(one.certainty)}`,
      one.label === one.predicted ? "which it is" : `but it is ${truth}`,
    ],
  });
  const main = one.theta.map((share, k) => ({ share, k })).filter(({ share }) => share >= 0.05);
  const shares = main.toSorted((a, b) => b.share - a.share).map(({ share, k }) => `${badgeOf(k)} (${percent(share)})`);
  const caption = `Mainly ${shares.join(", ")}. Heat maps show φ: the darker, the surer.`;
  return { id: `picture/${subject}/${at}`, title, caption, svg };
}

/** The bound by epochs. */
function boundCurve({ subject, gallery }: Shown): Figure {
  const title = `${subject}: the evidence bound`;
  const points = gallery.trace.map(({ bound }, epoch) => ({ x: epoch + 1, y: bound / gallery.fittedPatches }));
  const svg = lineChart({
    title,
    series: [{ name: "ELBO", points }],
    x: { label: "epoch" },
    y: { label: "bound, nats a patch" },
  });
  const caption = "In mode B no epoch lowers it, unless a concept begins anew; a fall would be a fault of the program.";
  return { id: `bound/${subject}`, title, caption, svg };
}

/** Two starts: how the same concepts move together, and their patches side by side. */
function twoStarts(
  { run, subject, gallery }: Shown,
  { partners, table, examples, seeds }: NonNullable<StoredExaminee["comparison"]>,
): Figure[] {
  const kinds = kindsOf(gallery);
  const order = gallery.concepts.map(({ concept }) => concept);
  const title = `${subject}: two starts, seeds ${seeds.join(" and ")}`;
  const rows = order.map((k) => `${badgeOf(k)}`);
  const columns = order.map((k) => `${partners[k]! + 1}′`);
  const cells = order.flatMap((k, row) =>
    order.map((other, column) => ({ row: rows[row]!, column: columns[column]!, value: table[k]![partners[other]!]! })),
  );
  const map = heatMap({
    title,
    rows,
    columns,
    cells,
    unit: "correlation",
    domain: [-1, 1],
    decimals: 1,
    rowLabel: "concept of the first start",
    columnLabel: "its partner of the second",
  });
  const pairs = order.map((k) => {
    const own = gallery.concepts.find(({ concept }) => concept === k)!;
    const both = [...own.patches.slice(0, 3), ...(examples[partners[k]!] ?? []).slice(0, 3)];
    return {
      kind: kinds.get(k)!,
      name: badgeOf(k),
      note: `with ${partners[k]! + 1}′: correlation ${table[k]![partners[k]!]!.toFixed(2)}`,
      tiles: both.map((patch) => tileOf(run, patch)),
    };
  });
  return [
    {
      id: `starts/${subject}`,
      title,
      caption:
        "Correlation of θ over test pictures; concepts are paired so that the diagonal is largest (Hungarian method).",
      svg: map,
    },
    {
      id: `starts-gallery/${subject}`,
      title: `${title}: the same concepts?`,
      caption: "Three patches of the first start, then three of its partner.",
      svg: pictureGallery({ title: `${title}, patches`, groups: [{ rows: pairs }] }),
    },
  ];
}

/** Held-out likelihood by the number of concepts, where the run chose it. */
export function countFigures(records: readonly MeasuredRecord[]): Figure[] {
  const path = records.filter(({ setting }) => setting.variant === "path");
  return [...Map.groupBy(path, ({ subject }) => subject)].map(([subject, own]) => {
    const pointsOf = (metric: string) =>
      own.flatMap(({ metric: name, setting, value }) =>
        name === metric && value !== null ? [{ x: Number(setting.k), y: value }] : [],
      );
    const title = `${subject}: how many concepts`;
    const series = [
      { name: "held-out pictures", points: pointsOf("heldOut") },
      { name: "pictures fitted to", points: pointsOf("fitted") },
    ];
    const y = { label: "mean bound, nats a patch" };
    const svg = lineChart({ title, series, x: { label: "concepts, K" }, y });
    const caption = "A fifth of the training pictures is held out; the run takes the K where their bound is highest.";
    return { id: `count/${subject}`, title, caption, svg };
  });
}

/** The desiderata as points, an explainer a line. */
export function desiderataFigures(records: readonly MeasuredRecord[]): Figure[] {
  const scales = [
    ["faithfulness", "faithfulness", "share of answers that θ predicts, more is better"],
    [
      "correctedStability",
      "stability, chance-corrected",
      "moved by a perturbation, in distances between pictures; less is better",
      undefined,
    ],
    ["sparsity", "sparsity", "share of concepts that a picture lacks, more is better"],
    [
      "deletion",
      "deletion",
      "area under the answer's probability as its concepts' patches go, less is better",
      undefined,
    ],
  ] as const;
  return scales.flatMap(([metric, title, label]) => {
    const own = records.filter(
      (record) => record.metric === metric && record.setting.variant === "main" && record.value !== null,
    );
    if (own.length === 0) return [];
    const values = [...Map.groupBy(own, ({ setting }) => String(setting.explainer))].map(([explainer, group]) => {
      const numbers = group.map(({ value }) => value!);
      const range = numbers.length > 1 ? seedInterval(metric, numbers) : group[0]!.interval;
      return {
        label: explainer,
        value: mean(numbers),
        n: numbers.length,
        ...(range === undefined ? {} : { low: range.low, high: range.high }),
      };
    });
    const most = Math.max(1, ...values.map(({ value, high = value }) => Math.max(value, high)));
    const svg = dotPlot({ title, values, x: { label, domain: [0, most] } });
    return [
      {
        id: `scale/${metric}`,
        title,
        caption:
          "Means and 95 % intervals: over seeds, or with one seed over test pictures where the number is their mean.",
        svg,
      },
    ];
  });
}
