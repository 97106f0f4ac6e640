/** What claims rest on: PACE beside others, control beside main, image by image. */
import type { MeasuredRecord } from "#base";
import type { Bench, Examined } from "./bench.ts";
import { type Compared, leadOverImages, type PerImage, quotientOverImages } from "./over-images.ts";

type Reader = (examined: Examined) => PerImage | undefined;

const scoreOf =
  (metric: string): Reader =>
  ({ scores }) =>
    scores[metric]?.each;

/** Metric of a lead over the best other explainer, and whether more is better. */
const leads = [
  ["faithfulness", 1],
  ["stability", -1],
  ["sparsity", 1],
] as const;

/** Every comparison of every seed of one subject. */
export function comparisonRecords(
  { subject, settings }: Pick<Bench, "subject" | "settings">,
  examined: readonly Examined[],
): MeasuredRecord[] {
  const own = examined.filter(({ explainer, variant }) => explainer === "PACE" && variant === "main");
  return own.flatMap((pace) => {
    const { seed, printed } = pace;
    const setting = { dataset: settings.dataset, explainer: "PACE", variant: "compared", seed, ...printed };
    return comparisonsOf(pace, examined).map(
      ([metric, compared]): MeasuredRecord => ({ subject, setting, metric, ...compared }),
    );
  });
}

function comparisonsOf(pace: Examined, examined: readonly Examined[]): [string, Compared][] {
  const control = (variant: string) => examined.find((one) => one.variant === variant && one.seed === pace.seed);
  const found = leads.map(([metric, sign]): [string, Compared | undefined] => {
    const own = pace.scores[metric]?.each;
    const others = rivals(pace, examined).flatMap((one) =>
      [scoreOf(metric)(one) ?? []].filter(({ length }) => length > 0),
    );
    return [`${metric}Lead`, own === undefined || others.length === 0 ? undefined : leadOverImages(own, others, sign)];
  });
  const pairs: [string, Compared | undefined][] = [
    ["leakedGain", paired(control("leaked"), control("labelled"), { read: scoreOf("faithfulness"), sign: 1 })],
    ["flatQuotient", quotient(control("flat")?.scores.stability?.each, pace.scores.stability?.each)],
    ["deletionGain", deletionGain(pace)],
  ];
  return [...found, ...pairs].flatMap(([metric, compared]) => (compared === undefined ? [] : [[metric, compared]]));
}

/** Other explainers of the same seed; those that learn nothing have but one. */
function rivals(pace: Examined, examined: readonly Examined[]): Examined[] {
  const others = examined.filter(({ explainer, variant }) => explainer !== "PACE" && variant === "main");
  return [...Map.groupBy(others, ({ explainer }) => explainer).values()].map(
    (group) => group.find(({ seed }) => seed === pace.seed) ?? group[0]!,
  );
}

function paired(
  own: Examined | undefined,
  other: Examined | undefined,
  { read, sign }: { readonly read: Reader; readonly sign: 1 | -1 },
): Compared | undefined {
  const [one, two] = [own && read(own), other && read(other)];
  return one === undefined || two === undefined ? undefined : leadOverImages(one, [two], sign);
}

const quotient = (above: PerImage | undefined, below: PerImage | undefined): Compared | undefined =>
  above === undefined || below === undefined || below.every((value) => value === 0)
    ? undefined
    : quotientOverImages(above, below);

/** Random's area minus PACE's, picture by picture. */
function deletionGain({ curves, randomCurves }: Examined): Compared | undefined {
  const [own, random] = [curves?.each, randomCurves?.each];
  return own === undefined || random === undefined ? undefined : leadOverImages(own, [random], -1);
}
