import { type Claim, type MeasuredRecord, sum, type Verdict } from "#base";
import { type CellRecord, cellRecords } from "./cell-records.ts";

const notInThePaper = { place: "not in the paper: a control of the chain", certainty: "recomputed" } as const;

const of = (records: readonly MeasuredRecord[], control: string): MeasuredRecord[] =>
  records.filter(({ subject }) => subject === `baseline:${control}`);

/** Uniform guessing must be exact as often as arithmetic says. */
const chance: Claim = {
  ...notInThePaper,
  id: "control-random-scores-chance",
  statement: "A subject that names a cell at random is exact with probability 1/(M·N²)",
  test: {
    statistic: "z of all exact answers against Σ n/(M·N²), one needle",
    direction: "near zero",
    margin: "|z| < 1.96",
  },
  needs: ["baseline:random"],
  judge: (records) => {
    const cells = cellRecords(of(records, "random"), { metric: "exact" }).filter(({ cell }) => cell.needles === 1);
    return cells.length === 0 ? [] : [judgeChance(cells)];
  },
};

/**
 *     z = (Σ hits − Σ n p) / √(Σ n p (1 − p))      p = 1/(M·N²)
 */
function judgeChance(cells: readonly CellRecord[]): Verdict {
  const counts = cells.map(({ cell: { pictures, side }, record: { value, n } }) => {
    const p = 1 / (pictures * side ** 2);
    return { hits: (value! / 100) * n, expected: n * p, variance: n * p * (1 - p), n };
  });
  const hits = sum(counts.map((count) => count.hits));
  const expected = sum(counts.map((count) => count.expected));
  const z = (hits - expected) / Math.sqrt(sum(counts.map(({ variance }) => variance)));
  const n = sum(counts.map((count) => count.n));
  const evidence = `${Math.round(hits)} of ${n} exact, ${expected.toFixed(1)} expected, z = ${z.toFixed(2)}`;
  const status = Math.abs(z) < 1.96 ? "holds" : "fails";
  return { claim: chance.id, subject: "baseline:random", status, evidence, n, seeds: 1 };
}

/** What a control must score on some metrics and splits, in percent. */
interface Expectation {
  readonly metric: "existence" | "exact" | "index";
  readonly split: "positive" | "negative";
  readonly percent: number;
}

function scoresExactly(
  claim: Pick<Claim, "id" | "statement">,
  { control, expected }: { readonly control: string; readonly expected: readonly Expectation[] },
): Claim {
  const test = {
    statistic: expected.map(({ metric, split, percent }) => `${metric} on ${split}s = ${percent} %`).join(", "),
    direction: "equal",
    margin: "none",
  };
  const judge = (records: readonly MeasuredRecord[]): Verdict[] => {
    const found = expected.flatMap((one) => cellRecords(of(records, control), one).map((cell) => ({ ...cell, one })));
    if (found.length === 0) return [];
    const wrong = found.filter(({ record, one }) => record.value !== one.percent);
    const n = sum(found.map(({ record }) => record.n));
    const evidence =
      wrong.length === 0
        ? `all ${found.length} numbers as expected`
        : `${wrong.length} of ${found.length} numbers differ, first ${wrong[0]!.record.metric} ${wrong[0]!.record.value} %`;
    const status = wrong.length === 0 ? "holds" : "fails";
    return [{ claim: claim.id, subject: `baseline:${control}`, status, evidence, n, seeds: 1 }];
  };
  return { ...notInThePaper, ...claim, test, needs: [`baseline:${control}`], judge };
}

/** What the lab's own controls must show before any other number is believed. */
export const controlClaims: readonly Claim[] = [
  chance,
  scoresExactly(
    { id: "control-oracle-is-perfect", statement: "A subject that knows every answer has every point" },
    {
      control: "oracle",
      expected: [
        { metric: "existence", split: "positive", percent: 100 },
        { metric: "index", split: "positive", percent: 100 },
        { metric: "exact", split: "positive", percent: 100 },
        { metric: "existence", split: "negative", percent: 100 },
      ],
    },
  ),
  scoresExactly(
    { id: "control-absent-denies", statement: "A subject that denies every needle is right on absent ones alone" },
    {
      control: "absent",
      expected: [
        { metric: "existence", split: "positive", percent: 0 },
        { metric: "exact", split: "positive", percent: 0 },
        { metric: "existence", split: "negative", percent: 100 },
      ],
    },
  ),
];
