/** The first question's second half: does an ablation hurt more where a vector speaks more of its concept? */
import { type Claim, type MeasuredRecord, normalQuantile, spearman, type Verdict } from "#base";
import { controlArms, finds } from "./arms.ts";
import { caseOf, differences, matching, meansBy, seedsIn, type Wanted } from "./numbers.ts";

/** Fieller's factor: ranks tell a little less than values do. */
const fieller = Math.sqrt(1.06);

/** With fewer concepts a rank correlation has no interval. */
const fewest = 4;

/** Harm by noise against enrichment, a rank correlation over concepts that were found; controls stand beside it. */
export const harmGrowsWithEnrichment: Claim = {
  id: "harm-grows-with-enrichment",
  statement: "The more a value vector speaks of its concept, the more noise on it hurts the concept",
  place: "§3, causal validation",
  certainty: "from memory",
  test: {
    statistic: "Spearman correlation of enrichment and of unrelated minus target BLEU under noise, over found concepts",
    direction: "above 0",
    margin: "95 % interval by Fisher's transformation, with Fieller's variance, on that side",
  },
  needs: ["four located value vectors"],
  judge: (records) =>
    [...new Set(records.map(({ subject }) => subject))].flatMap((subject) =>
      judgeSubject(
        subject,
        records.filter((record) => record.subject === subject),
      ),
    ),
};

type Pair = readonly [enrichment: number, harm: number];

function judgeSubject(subject: string, records: readonly MeasuredRecord[]): Verdict[] {
  const pairs = finds.flatMap((arm) => pairsOf(records, arm));
  if (pairs.length === 0) return [];
  const verdict = judgePairs(pairs);
  const evidence = verdict.evidence + controlsBeside(records);
  const seeds = Math.max(1, seedsIn(records));
  return [{ claim: harmGrowsWithEnrichment.id, subject, n: pairs.length, seeds, ...verdict, evidence }];
}

function pairsOf(records: readonly MeasuredRecord[], arm: string): Pair[] {
  const noise = { arm, ablation: ["noise", "relative-noise"] };
  const of = (metric: string, wanted: Wanted) => meansBy(matching(records, metric, wanted), caseOf);
  const harm = differences(of("ablatedUnrelated", noise), of("ablatedTarget", noise));
  return [...of("enrichment", { arm })].flatMap(([key, value]) => (harm.has(key) ? [[value, harm.get(key)!]] : []));
}

const correlationOf = (pairs: readonly Pair[]): number | null =>
  pairs.length < 2
    ? null
    : spearman(
        pairs.map(([enrichment]) => enrichment),
        pairs.map(([, harm]) => harm),
      );

/** The same correlation for each control: "; controls: planted 0.400 over 5". */
function controlsBeside(records: readonly MeasuredRecord[]): string {
  const said = controlArms.flatMap((arm) => {
    const pairs = pairsOf(records, arm);
    const correlation = correlationOf(pairs);
    return correlation === null ? [] : [`${arm} ${correlation.toFixed(3)} over ${pairs.length}`];
  });
  return said.length === 0 ? "" : `; controls: ${said.join(", ")}`;
}

function judgePairs(pairs: readonly Pair[]): Pick<Verdict, "status" | "evidence" | "interval" | "needed" | "missing"> {
  const n = pairs.length;
  if (n < 2) return { status: "undecided", evidence: "no rank correlation: one concept alone", needed: fewest };
  const correlation = correlationOf(pairs);
  if (correlation === null) {
    const evidence = "no rank correlation: every ablation did the same, so that there is nothing to rank";
    return { status: "not testable here", evidence, missing: ["concepts that noise on their vectors hurts unequally"] };
  }
  const words = `Spearman correlation ${correlation.toFixed(3)}`;
  if (n < fewest) return { status: "undecided", evidence: `${words} over ${n} concepts: no interval`, needed: fewest };
  const reach = (normalQuantile(0.975) * fieller) / Math.sqrt(n - 3);
  const centre = Math.atanh(Math.max(-1 + 1e-9, Math.min(1 - 1e-9, correlation)));
  const interval = { low: Math.tanh(centre - reach), high: Math.tanh(centre + reach), level: 0.95, method: "Fisher" };
  const status = interval.low > 0 ? "holds" : interval.high < 0 ? "fails" : "undecided";
  const needed = status === "undecided" && centre !== 0 ? { needed: Math.max(n + 1, conceptsFor(centre)) } : {};
  return { status, evidence: `${words} over ${n} concepts, to be above 0`, interval, ...needed };
}

/** Concepts that show a correlation of this Fisher transform with a chance of 80 %. */
const conceptsFor = (centre: number): number =>
  3 + Math.ceil((((normalQuantile(0.975) + normalQuantile(0.8)) * fieller) / centre) ** 2);
