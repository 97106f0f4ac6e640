import { type MeasuredRecord, mean } from "#base";
import { type Figure, lineChart } from "#report";
import { armTitles } from "./arms.ts";
import { matching } from "./numbers.ts";
import { armsIn } from "./tables.ts";

const methodsIn = (records: readonly MeasuredRecord[]): string[] => [
  ...new Set(matching(records, "cosine").map(({ setting }) => String(setting.method))),
];

const meanOf = (records: readonly MeasuredRecord[]): number => mean(records.map(({ value }) => value!));

/** The records of one arm, and what its figures are called. */
interface Arm {
  readonly arm: string;
  readonly title: string;
  readonly records: readonly MeasuredRecord[];
}

/** All figures, each for every arm: controls are no finds, and a mean over both says nothing. */
export function figuresOf(records: readonly MeasuredRecord[]): Figure[] {
  const own = armsIn(records).map((arm) => ({
    arm,
    title: armTitles[arm] ?? arm,
    records: records.filter(({ setting }) => setting.arm === arm),
  }));
  return [pareto, relearning, activation].flatMap((figure) => own.flatMap(figure));
}

/** Target against unrelated answers, a point for each method: a method is better the further it stands to the upper left. */
function pareto({ arm, title: whose, records }: Arm): Figure[] {
  const series = methodsIn(records).flatMap((method) => {
    const target = matching(records, "bleu", { method, group: "target" });
    const unrelated = matching(records, "bleu", { method, group: "far" });
    if (target.length === 0 || unrelated.length === 0) return [];
    return [{ name: method, points: [{ x: meanOf(target), y: meanOf(unrelated), n: target.length }] }];
  });
  if (series.length === 0) return [];
  const title = `What is forgotten, and what goes with it: ${whose}`;
  const svg = lineChart({
    title,
    series,
    x: { label: "target, BLEU to the original", domain: [0, 1] },
    y: { label: "unrelated, BLEU to the original", domain: [0, 1] },
  });
  const caption = "The mean over concepts and seeds; the best method forgets to the left and keeps at the top.";
  return [{ id: `pareto-${arm}`, title, caption, svg }];
}

/** How answers about a concept come back, by steps of reading a tenth of its article. */
function relearning({ arm, title: whose, records }: Arm): Figure[] {
  const series = methodsIn(records).flatMap((method) => {
    const found = matching(records, "relearntBleu", { method });
    const bySteps = Map.groupBy(found, ({ setting }) => Number(setting.relearning));
    const points = [...bySteps].map(([x, group]) => ({ x, y: meanOf(group), n: group.length }));
    return points.length === 0 ? [] : [{ name: method, points }];
  });
  if (series.length === 0) return [];
  const title = `Relearning: ${whose}`;
  const svg = lineChart({
    title,
    series,
    x: { label: "steps on a tenth of the article" },
    y: { label: "target, BLEU to the original", domain: [0, 1] },
  });
  return [{ id: `relearning-${arm}`, title, caption: "The mean over concepts and seeds.", svg }];
}

/** Does the coefficient fall while the vector stays? A point for each method. */
function activation({ arm, title: whose, records }: Arm): Figure[] {
  const series = methodsIn(records).flatMap((method) => {
    const [before, after] = ["coefficientBefore", "coefficientAfter"].map((metric) =>
      matching(records, metric, { method }),
    );
    const turned = matching(records, "cosine", { method });
    if (before!.length === 0 || after!.length === 0 || meanOf(before!) === 0) return [];
    return [{ name: method, points: [{ x: meanOf(turned), y: meanOf(after!) / meanOf(before!), n: turned.length }] }];
  });
  if (series.length === 0) return [];
  const most = Math.max(1.2, ...series.map(({ points: [point] }) => point!.y));
  const title = `Changed vector, or silenced neuron: ${whose}`;
  const svg = lineChart({
    title,
    series,
    x: { label: "cosine of the value vector, before and after", domain: [-0.2, 1.1] },
    y: { label: "coefficient on target questions, after over before", domain: [0, most] },
    reference: { y: 1, label: "unchanged" },
  });
  const caption = "To the right and below the line: the vector stays and its neuron falls silent.";
  return [{ id: `activation-${arm}`, title, caption, svg }];
}
