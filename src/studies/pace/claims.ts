/** What the paper claims, and what its critics would ask; each test fixed before anything was measured. */
import { type Claim, type MeasuredRecord, mean, meanInterval, type Verdict } from "#base";

/** A claim that numbers, one a seed, lie above a threshold or below it. */
interface NumberClaim extends Omit<Claim, "judge" | "test"> {
  readonly statistic: string;
  readonly side: "above" | "below";
  readonly threshold: number;
  /** One number for each seed of a subject. */
  numbers(records: readonly MeasuredRecord[]): readonly number[];
}

function numberClaim({ statistic, side, threshold, numbers, ...claim }: NumberClaim): Claim {
  const test = {
    statistic,
    direction: `${side} ${threshold}`,
    margin: "95 % interval over seeds (Student) on that side; a single seed decides nothing",
  };
  const judge = (records: readonly MeasuredRecord[]): Verdict[] =>
    [...new Set(records.map(({ subject }) => subject))].flatMap((subject) => {
      const found = numbers(records.filter((record) => record.subject === subject));
      if (found.length === 0) return [];
      return [
        { claim: claim.id, subject, seeds: found.length, ...judgeNumbers(found, { statistic, side, threshold }) },
      ];
    });
  return { ...claim, test, judge };
}

function judgeNumbers(
  found: readonly number[],
  { statistic, side, threshold }: Pick<NumberClaim, "statistic" | "side" | "threshold">,
): Omit<Verdict, "claim"> {
  const n = found.length;
  const centre = `${statistic}: ${mean(found).toFixed(3)}`;
  const wanted = `to be ${side} ${threshold}`;
  if (n < 2) return { status: "undecided", evidence: `${centre}, one seed, ${wanted}`, n, needed: 3 };
  const interval = meanInterval(found);
  const beyond = (value: number) => (side === "above" ? value > threshold : value < threshold);
  const [near, far] = side === "above" ? [interval.low, interval.high] : [interval.high, interval.low];
  const status = beyond(near) ? "holds" : beyond(far) ? "undecided" : "fails";
  const range = `[${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]`;
  return {
    status,
    evidence: `${centre} ${range} over ${n} seeds, ${wanted}`,
    n,
    interval,
    ...(status === "undecided" ? { needed: 2 * n } : {}),
  };
}

/** A metric's values by seed, of the records with the wanted settings. */
export function bySeed(
  records: readonly MeasuredRecord[],
  metric: string,
  wanted: MeasuredRecord["setting"],
): Map<number, number> {
  const own = records.filter(
    (record) =>
      record.metric === metric &&
      record.value !== null &&
      Object.entries(wanted).every(([name, value]) => record.setting[name] === value),
  );
  const groups = Map.groupBy(own, ({ setting }) => Number(setting.seed));
  return new Map([...groups].map(([seed, group]) => [seed, mean(group.map(({ value }) => value!))]));
}

/** PACE's number minus the best other explainer's, by seed. `sign` −1 where lower is better. */
function lead(records: readonly MeasuredRecord[], metric: string, sign: 1 | -1): number[] {
  const main = records.filter(({ setting }) => setting.variant === "main");
  const names = [...new Set(main.map(({ setting }) => String(setting.explainer)))].filter((name) => name !== "PACE");
  const own = bySeed(main, metric, { explainer: "PACE" });
  return [...own].flatMap(([seed, value]) => {
    const others = names.flatMap((explainer) => {
      const other = bySeed(main, metric, { explainer }).get(seed);
      return other === undefined ? [] : [sign * other];
    });
    return others.length === 0 ? [] : [sign * value - Math.max(...others)];
  });
}

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
    ...{ statistic: "faithfulness, PACE minus the best other", side: "above", threshold: -0.01 },
    needs: ["PACE and another explainer"],
    numbers: (records) => lead(records, "faithfulness", 1),
  }),
  numberClaim({
    ...paper("steadiest", "PACE's explanation moves least when the image is perturbed", "Table 1"),
    ...{ statistic: "stability, the best other minus PACE", side: "above", threshold: 0 },
    needs: ["PACE and another explainer"],
    numbers: (records) => lead(records, "stability", -1),
  }),
  numberClaim({
    ...paper("sparsest", "PACE's explanation has the largest share of concepts that an image lacks", "Table 1"),
    ...{ statistic: "sparsity, PACE minus the best other", side: "above", threshold: 0 },
    needs: ["PACE and another explainer"],
    numbers: (records) => lead(records, "sparsity", 1),
  }),
  numberClaim({
    ...paper("color-is-told-exactly", "On Color, PACE predicts every answer of the model", "Table 1"),
    ...{ statistic: "faithfulness on Color", side: "above", threshold: 0.99 },
    needs: ["the Color pictures"],
    numbers: (records) => [
      ...bySeed(records, "faithfulness", { explainer: "PACE", variant: "main", dataset: "color" }).values(),
    ],
  }),
];

const beyondThePaper: readonly Claim[] = [
  numberClaim({
    ...beyond("the-bound-never-falls", "In mode B no epoch lowers the evidence bound"),
    ...{ statistic: "largest fall of the bound, over its size", side: "below", threshold: 1e-9 },
    needs: ["PACE in mode A or B without label and pair terms"],
    numbers: (records) => [...bySeed(records, "boundFall", { explainer: "PACE", variant: "main" }).values()],
  }),
  numberClaim({
    ...beyond("concepts-are-materials", "On Color, patches of one concept show one material"),
    ...{ statistic: "purity of patch concepts", side: "above", threshold: 0.9 },
    needs: ["pictures whose materials are known"],
    numbers: (records) => [
      ...bySeed(records, "purity", { explainer: "PACE", variant: "main", dataset: "color" }).values(),
    ],
  }),
  numberClaim({
    ...beyond(
      "a-flat-explanation-looks-steady",
      "The paper's stability prefers a flat θ, and chance-corrected stability sees through it",
    ),
    ...{
      statistic: "raw stability with α = 2 and weights of sum one, over the main setting's",
      side: "below",
      threshold: 0.5,
    },
    needs: ["the flat control"],
    numbers: (records) => {
      const flat = bySeed(records, "stability", { explainer: "PACE", variant: "flat" });
      const main = bySeed(records, "stability", { explainer: "PACE", variant: "main" });
      return [...flat].flatMap(([seed, value]) => (main.has(seed) ? [value / main.get(seed)!] : []));
    },
  }),
  numberClaim({
    ...beyond(
      "sparsity-follows-alpha",
      "With the repository's α = 2 no θ is sparse: the published sparsity needs another α, weight or estimator",
    ),
    ...{ statistic: "sparsity with α = 2, K = 100 by E[θ]", side: "below", threshold: 0.001 },
    needs: ["the repository's defaults as a control"],
    numbers: (records) => [...bySeed(records, "sparsity", { explainer: "PACE", variant: "repository" }).values()],
  }),
  numberClaim({
    ...beyond("leaking-labels-flatters", "Conditioning φ on the answer that is to be predicted raises faithfulness"),
    ...{ statistic: "faithfulness with leaked labels minus label-free", side: "above", threshold: 0 },
    needs: ["a concept model with a label map"],
    numbers: (records) => {
      const leaked = bySeed(records, "faithfulness", { explainer: "PACE", variant: "leaked" });
      const free = bySeed(records, "faithfulness", { explainer: "PACE", variant: "labelled" });
      return [...leaked].flatMap(([seed, value]) => (free.has(seed) ? [value - free.get(seed)!] : []));
    },
  }),
  numberClaim({
    ...beyond(
      "concepts-cause-answers",
      "Taking away the patches of an answer's concepts lowers its probability sooner than random patches do",
    ),
    ...{ statistic: "area under the deletion curve, random minus PACE", side: "above", threshold: 0 },
    needs: ["a model to look through"],
    numbers: (records) => {
      const own = bySeed(records, "deletion", { explainer: "PACE", variant: "main" });
      const random = bySeed(records, "deletion", { explainer: "random", variant: "main" });
      return [...own].flatMap(([seed, value]) => (random.has(seed) ? [random.get(seed)! - value] : []));
    },
  }),
  numberClaim({
    ...beyond("seeds-agree", "Another start finds the same concepts"),
    ...{ statistic: "mean correlation of matched concepts' θ between seeds", side: "above", threshold: 0.9 },
    needs: ["two seeds"],
    numbers: (records) => [...bySeed(records, "seedAgreement", { explainer: "PACE", variant: "main" }).values()],
  }),
];

/** Every claim, the paper's first. */
export const claims: readonly Claim[] = [...ofThePaper, ...beyondThePaper];
