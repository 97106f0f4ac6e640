/** What the paper's abstract claims and what the lab expects, each with its test fixed beforehand. */
import type { Certainty, Claim, MeasuredRecord, Verdict } from "#base";

/** A claim that one number lies above a threshold, or below it. */
interface NumberClaim {
  readonly id: string;
  readonly statement: string;
  readonly place: string;
  readonly certainty: Certainty;
  readonly statistic: string;
  readonly side: "above" | "below";
  readonly threshold: number;
  readonly needs: readonly string[];
  readonly metric: string;
  /** What the record's setting says. */
  readonly wanted: Readonly<Record<string, string>>;
}

function numberClaim({ statistic, side, threshold, metric, wanted, ...claim }: NumberClaim): Claim {
  const test = {
    statistic,
    direction: `${side} ${threshold}`,
    margin: "95 % interval over five facts or more (bootstrap; Student below ten facts) on that side",
  };
  const fits = (record: MeasuredRecord) =>
    record.metric === metric && Object.entries(wanted).every(([name, value]) => record.setting[name] === value);
  const judge = (records: readonly MeasuredRecord[]): Verdict[] =>
    [...new Set(records.map(({ subject }) => subject))].map((subject): Verdict => {
      const found = records.find((record) => record.subject === subject && fits(record) && record.value !== null);
      const about = { claim: claim.id, subject };
      if (found === undefined)
        return {
          ...about,
          status: "not testable here",
          evidence: "nothing of the kind was measured",
          missing: claim.needs,
        };
      const verdict = judged(found, { side, threshold });
      return { ...about, ...verdict, evidence: `${statistic}: ${verdict.evidence}` };
    });
  return { ...claim, test, judge };
}

/** No claim is judged on fewer facts. */
const leastFacts = 5;

function judged(
  { value, n, interval }: MeasuredRecord,
  { side, threshold }: Pick<NumberClaim, "side" | "threshold">,
): Omit<Verdict, "claim"> {
  const centre = `${value!.toFixed(3)}`;
  const wanted = `to be ${side} ${threshold}`;
  if (interval === undefined)
    return {
      status: "undecided",
      evidence: `${centre} over ${n} facts, no interval, ${wanted}`,
      n,
      needed: Math.max(10, 2 * n),
    };
  if (n < leastFacts)
    return {
      status: "undecided",
      evidence: `${centre} over ${n} facts, too few to judge, ${wanted}`,
      n,
      interval,
      needed: leastFacts,
    };
  const range = `[${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]`;
  const evidence = `${centre} ${range} over ${n} facts, ${wanted}`;
  const [low, high] = side === "above" ? [interval.low, interval.high] : [-interval.high, -interval.low];
  const bar = side === "above" ? threshold : -threshold;
  if (low > bar) return { status: "holds", evidence, n, interval };
  if (high < bar) return { status: "fails", evidence, n, interval };
  return {
    status: "undecided",
    evidence,
    n,
    interval,
    needed: neededFacts({ value: value!, n, width: interval.high - interval.low, threshold }),
  };
}

/** A half width shrinks with the root of n: so many facts bring it down to the distance from the threshold. */
function neededFacts({
  value,
  n,
  width,
  threshold,
}: {
  value: number;
  n: number;
  width: number;
  threshold: number;
}): number {
  const distance = Math.max(Math.abs(value - threshold), 0.01);
  return Math.max(n + 1, Math.ceil(n * (width / 2 / distance) ** 2));
}

const abstract = { place: "abstract; its body was not at hand", certainty: "second hand" } as const;
const ours = { place: "not in the paper: a hypothesis of the lab", certainty: "ours" } as const;
const rome = { arm: "matrix", editor: "rome" } as const;
const edited = ["the arm matrix with the editor rome"];

const ofThePaper: readonly Claim[] = [
  numberClaim({
    ...abstract,
    id: "edits-hold-at-home",
    statement: "An edit succeeds in the language that it was made in",
    statistic: "ELFI reliability less M₀, ROME",
    side: "above",
    threshold: 0,
    needs: edited,
    metric: "elfiMinusM0",
    wanted: { ...rome, number: "reliability" },
  }),
  numberClaim({
    ...abstract,
    id: "transfer-falls-short",
    statement: "In other languages an edit arrives less often than at home",
    statistic: "ELFI less ELFO, reliability, ROME",
    side: "above",
    threshold: 0,
    needs: edited,
    metric: "elfiMinusElfo",
    wanted: { ...rome, number: "reliability" },
  }),
  numberClaim({
    ...abstract,
    id: "transfer-falls-short-memit",
    statement: "The same holds of MEMIT",
    statistic: "ELFI less ELFO, reliability, MEMIT",
    side: "above",
    threshold: 0,
    needs: ["the editor memit"],
    metric: "elfiMinusElfo",
    wanted: { arm: "matrix", editor: "memit", number: "reliability" },
  }),
  numberClaim({
    ...abstract,
    id: "merging-does-not-close-the-gap",
    statement: "Merging models made for single languages does not close the gap",
    statistic: "gap on merged models less half of the gap before, all merges",
    side: "above",
    threshold: 0,
    needs: ["the arm merge"],
    metric: "contrast",
    wanted: { contrast: "gap left beyond half", model: "all merges" },
  }),
];

const ofTheLab: readonly Claim[] = [
  numberClaim({
    ...ours,
    id: "joint-edit-closes-the-gap",
    statement: "Editing in all languages together closes more than half of the gap",
    statistic: "joint reliability less the middle of ELFI and ELFO of ROME",
    side: "above",
    threshold: 0,
    needs: ["the editors rome and joint"],
    metric: "contrast",
    wanted: { contrast: "joint beyond half of the gap", editor: "joint" },
  }),
  numberClaim({
    ...ours,
    id: "keys-predict-transfer",
    statement: "How similar keys are before the edit says how far it reaches",
    statistic: "Spearman of (k_b·u)/(k_a·u) and the gain of log P(new object), ROME",
    side: "above",
    threshold: 0,
    needs: edited,
    metric: "correlation",
    wanted: { editor: "rome", predictor: "keySimilarity", outcome: "logGain", coefficient: "spearman" },
  }),
  numberClaim({
    ...ours,
    id: "rankings-predict-transfer",
    statement: "How alike the unedited model ranks candidates in two languages says how far an edit reaches",
    statistic: "Spearman of RankC and the gain of log P(new object), ROME",
    side: "above",
    threshold: 0,
    needs: edited,
    metric: "correlation",
    wanted: { editor: "rome", predictor: "rankC", outcome: "logGain", coefficient: "spearman" },
  }),
  numberClaim({
    ...ours,
    id: "shared-answers-flatter",
    statement: "An edit gains more in languages that write the new object alike",
    statistic: "gain over M₀ with a shared answer less with a different one, in the same facts",
    side: "above",
    threshold: 0,
    needs: ["facts whose new object is written alike in some languages"],
    metric: "contrast",
    wanted: { contrast: "answer shared less different", editor: "rome" },
  }),
  numberClaim({
    ...ours,
    id: "locality-is-higher-elsewhere",
    statement: "Where nothing arrives nothing breaks: locality is higher in other languages than at home",
    statistic: "ELFI less ELFO, locality, ROME",
    side: "below",
    threshold: 0,
    needs: edited,
    metric: "elfiMinusElfo",
    wanted: { ...rome, number: "locality" },
  }),
  numberClaim({
    ...ours,
    id: "shared-subjects-carry-edits",
    statement: "In two invented tongues that share nothing else, one name for the subject carries an edit across",
    statistic: "gain over M₀ in the other tongue with shared subjects less that in the world apart",
    side: "above",
    threshold: 0,
    needs: ["the arm controlled"],
    metric: "contrast",
    wanted: { contrast: "more than apart", model: "shared subjects" },
  }),
  numberClaim({
    ...ours,
    id: "nothing-shared-nothing-carried",
    statement: "Between tongues that share nothing an edit gains less than a tenth",
    statistic: "ELFO less M₀ in the world apart",
    side: "below",
    threshold: 0.1,
    needs: ["the arm controlled"],
    metric: "elfoMinusM0",
    wanted: { arm: "controlled", model: "apart", editor: "rome", number: "reliability" },
  }),
];

/** What nobody can check without the models and the tables of the paper. */
const namedModels: Claim = {
  id: "named-models",
  statement:
    "The tables of Mistral, TowerInstruct, OpenHathi, Tamil-Llama and Kan-Llama on translated CounterFact and ZsRE",
  place: "tables; none of them could be read",
  certainty: "second hand",
  test: { statistic: "the paper's cells", direction: "equal", margin: "none could be fixed" },
  needs: ["the paper's tables", "its translations", "its hyper-parameters"],
  judge: () => [
    {
      claim: "named-models",
      status: "not testable here",
      evidence: "the paper's tables were not at hand",
      missing: ["the paper's tables", "its translations", "its hyper-parameters"],
    },
  ],
};

/** Every claim of the study. */
export const claims: readonly Claim[] = [...ofThePaper, ...ofTheLab, namedModels];
