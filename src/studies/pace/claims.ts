/** What the paper claims, and what its critics would ask; each test fixed before anything was measured. */
import { type Claim, type Interval, type MeasuredRecord, mean, meanInterval, type Verdict } from "#base";

/** A claim that a number, measured once a seed, lies above a threshold or below it. */
interface NumberClaim extends Omit<Claim, "judge" | "test"> {
  readonly statistic: string;
  readonly side: "above" | "below";
  readonly threshold: number;
  /** Where the number stands. */
  readonly metric: string;
  readonly setting: MeasuredRecord["setting"];
}

type Threshold = Pick<NumberClaim, "statistic" | "side" | "threshold">;

function numberClaim({ statistic, side, threshold, metric, setting, ...claim }: NumberClaim): Claim {
  const test = {
    statistic,
    direction: `${side} ${threshold}`,
    margin:
      "95 % interval over test images (bootstrap, Wilson) on that side; with several seeds that over seeds (Student) too",
  };
  const judge = (records: readonly MeasuredRecord[]): Verdict[] =>
    [...new Set(records.map(({ subject }) => subject))].flatMap((subject) => {
      const found = bySeed(
        records.filter((record) => record.subject === subject),
        { metric, setting },
      );
      if (found.length === 0) return [];
      return [{ claim: claim.id, subject, ...judgeNumbers(found, { statistic, side, threshold }) }];
    });
  return { ...claim, test, judge };
}

/** Records of the wanted number, one a seed. */
function bySeed(
  records: readonly MeasuredRecord[],
  { metric, setting }: Pick<NumberClaim, "metric" | "setting">,
): MeasuredRecord[] {
  return records.filter(
    (record) =>
      record.metric === metric &&
      record.value !== null &&
      Object.entries(setting).every(([name, value]) => record.setting[name] === value),
  );
}

const shown = ({ low, high }: Interval): string => `[${low.toFixed(3)}, ${high.toFixed(3)}]`;

/** Both chances have their say: that of the images, and that of the start where there was more than one. */
function judgeNumbers(found: readonly MeasuredRecord[], wanted: Threshold): Omit<Verdict, "claim"> {
  const values = found.map(({ value }) => value!);
  const images = overImages(found);
  const seeds = values.length > 1 ? meanInterval(values) : undefined;
  const intervals = [images, seeds].filter((interval) => interval !== undefined);
  const sides = intervals.map((interval) => sideOf(interval, wanted));
  const status = sides.length === 0 || sides.some((side) => side !== sides[0]) ? "undecided" : sides[0]!;
  const n = found[0]!.n;
  const ranges = [
    ...(images === undefined ? [] : [`${shown(images)} over test images`]),
    ...(seeds === undefined ? [] : [`${shown(seeds)} over seeds`]),
  ];
  const of = values.length === 1 ? "1 seed" : `${values.length} seeds`;
  return {
    status,
    seeds: values.length,
    evidence: `${wanted.statistic}: ${mean(values).toFixed(3)} ${[...ranges, of].join(", ")}, wanted ${wanted.side} ${wanted.threshold}`,
    n,
    ...(intervals.length === 0 ? {} : { interval: widest(intervals) }),
    ...(status === "undecided" ? neededOf(found, images, wanted) : {}),
  };
}

/** Seeds share their images: the mean of their intervals is no narrower than the interval of their mean. */
function overImages(found: readonly MeasuredRecord[]): Interval | undefined {
  const intervals = found.flatMap(({ interval }) => interval ?? []);
  if (intervals.length < found.length) return undefined;
  const [low, high] = [mean(intervals.map((one) => one.low)), mean(intervals.map((one) => one.high))];
  return { ...intervals[0]!, low, high };
}

function sideOf({ low, high }: Interval, { side, threshold }: Threshold): "holds" | "fails" | "undecided" {
  const [near, far] = side === "above" ? [low, high] : [-high, -low];
  const bar = side === "above" ? threshold : -threshold;
  return near > bar ? "holds" : far > bar ? "undecided" : "fails";
}

/**
 * Images that would bring the interval to this side of the threshold, were the number to stay: its reach shrinks with √n, that
 * of a share of 0 or 1 with n. No number would where it stands at the threshold; three seeds where only seeds can tell.
 */
function neededOf(
  found: readonly MeasuredRecord[],
  images: Interval | undefined,
  { threshold }: Threshold,
): Pick<Verdict, "needed"> {
  if (images === undefined) return { needed: Math.max(3, 2 * found.length) };
  const value = mean(found.map((one) => one.value!));
  const reach = value > threshold ? value - images.low : images.high - value;
  const distance = Math.abs(value - threshold);
  if (distance < 1e-6) return {};
  const ratio = Math.max(1, reach / distance);
  const isAtEnd = images.method.startsWith("exact") || value === 0 || value === 1;
  return { needed: Math.ceil(found[0]!.n * (isAtEnd ? ratio : ratio ** 2)) };
}

const widest = (intervals: readonly Interval[]): Interval =>
  intervals.reduce((most, one) => (one.high - one.low > most.high - most.low ? one : most));

const paper = (id: string, statement: string, place: string) =>
  ({ id, statement, place, certainty: "second hand" }) as const;
const beyond = (id: string, statement: string) =>
  ({ id, statement, place: "not in the paper: a hypothesis of the lab", certainty: "ours" }) as const;

const ofThePaper: readonly Claim[] = [
  numberClaim({
    ...paper(
      "as-faithful-as-any",
      "PACE predicts the model's answers at least as well as any other explainer",
      "Table 1",
    ),
    statistic: "faithfulness, PACE minus the best other",
    side: "above",
    threshold: -0.01,
    needs: ["PACE and another explainer"],
    metric: "faithfulnessLead",
    setting: { variant: "compared" },
  }),
  numberClaim({
    ...paper("steadiest", "PACE's explanation moves least when the image is perturbed", "Table 1"),
    statistic: "stability, the best other minus PACE",
    side: "above",
    threshold: 0,
    needs: ["PACE and another explainer"],
    metric: "stabilityLead",
    setting: { variant: "compared" },
  }),
  numberClaim({
    ...paper("sparsest", "PACE's explanation has the largest share of concepts that an image lacks", "Table 1"),
    statistic: "sparsity, PACE minus the best other",
    side: "above",
    threshold: 0,
    needs: ["PACE and another explainer"],
    metric: "sparsityLead",
    setting: { variant: "compared" },
  }),
  numberClaim({
    ...paper("color-is-told-exactly", "On Color, PACE predicts every answer of the model", "Table 1"),
    statistic: "faithfulness on Color",
    side: "above",
    threshold: 0.99,
    needs: ["the Color pictures"],
    metric: "faithfulness",
    setting: { explainer: "PACE", variant: "main", dataset: "color" },
  }),
];

const beyondThePaper: readonly Claim[] = [
  numberClaim({
    ...beyond("the-bound-never-falls", "In mode B no epoch lowers the evidence bound"),
    statistic: "largest fall of the bound, over its size",
    side: "below",
    threshold: 1e-9,
    needs: ["PACE in mode A or B without label and pair terms"],
    metric: "boundFall",
    setting: { explainer: "PACE", variant: "main" },
  }),
  numberClaim({
    ...beyond("concepts-are-materials", "On Color, patches of one concept show one material"),
    statistic: "purity of patch concepts",
    side: "above",
    threshold: 0.9,
    needs: ["pictures whose materials are known"],
    metric: "purity",
    setting: { explainer: "PACE", variant: "main", dataset: "color" },
  }),
  numberClaim({
    ...beyond(
      "a-flat-explanation-looks-steady",
      "The paper's stability prefers a flat θ, and chance-corrected stability sees through it",
    ),
    statistic: "raw stability with α = 2 and weights of sum one, over the main setting's",
    side: "below",
    threshold: 0.5,
    needs: ["the flat control"],
    metric: "flatQuotient",
    setting: { variant: "compared" },
  }),
  numberClaim({
    ...beyond(
      "sparsity-follows-alpha",
      "With the repository's α = 2 no θ is sparse: the published sparsity needs another α, weight or estimator",
    ),
    statistic: "sparsity with α = 2, K = 100 by E[θ]",
    side: "below",
    threshold: 0.001,
    needs: ["the repository's defaults as a control"],
    metric: "sparsity",
    setting: { explainer: "PACE", variant: "repository" },
  }),
  numberClaim({
    ...beyond("leaking-labels-flatters", "Conditioning φ on the answer that is to be predicted raises faithfulness"),
    statistic: "faithfulness with leaked labels minus label-free",
    side: "above",
    threshold: 0,
    needs: ["a concept model with a label map"],
    metric: "leakedGain",
    setting: { variant: "compared" },
  }),
  numberClaim({
    ...beyond(
      "concepts-cause-answers",
      "Taking away the patches of an answer's concepts lowers its probability sooner than random patches do",
    ),
    statistic: "area under the deletion curve, random minus PACE",
    side: "above",
    threshold: 0,
    needs: ["a model to look through"],
    metric: "deletionGain",
    setting: { variant: "compared" },
  }),
  numberClaim({
    ...beyond("seeds-agree", "Another start finds the same concepts"),
    statistic: "mean correlation of matched concepts' θ between seeds",
    side: "above",
    threshold: 0.9,
    needs: ["two seeds"],
    metric: "seedAgreement",
    setting: { explainer: "PACE", variant: "main" },
  }),
];

/** Every claim, the paper's first. */
export const claims: readonly Claim[] = [...ofThePaper, ...beyondThePaper];
