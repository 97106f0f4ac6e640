/** The first question's second half: does an ablation hurt more where a vector speaks more of its concept? */
import { type Claim, type MeasuredRecord, normalQuantile, spearman, type Verdict } from "#base";
import { caseOf, differences, matching, meansBy, seedsIn } from "./numbers.ts";

/** Fieller's factor: ranks tell a little less than values do. */
const fieller = Math.sqrt(1.06);

/** With fewer concepts a rank correlation has no interval. */
const fewest = 4;

/** Harm by noise against enrichment, a rank correlation over concepts that were found. */
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

function judgeSubject(subject: string, records: readonly MeasuredRecord[]): Verdict[] {
  const wanted = { arm: "found", ablation: ["noise", "relative-noise"] };
  const [kept, lost] = ["ablatedUnrelated", "ablatedTarget"].map((metric) =>
    meansBy(matching(records, metric, wanted), caseOf),
  );
  const harm = differences(kept!, lost!);
  const enrichment = meansBy(matching(records, "enrichment", { arm: "found" }), caseOf);
  const pairs = [...enrichment].flatMap(([key, value]) => (harm.has(key) ? [[value, harm.get(key)!] as const] : []));
  if (pairs.length === 0) return [];
  const about = { claim: harmGrowsWithEnrichment.id, subject, n: pairs.length, seeds: Math.max(1, seedsIn(records)) };
  return [{ ...about, ...judgePairs(pairs) }];
}

function judgePairs(pairs: readonly (readonly [number, number])[]): Pick<Verdict, "status" | "evidence" | "interval"> {
  const n = pairs.length;
  const [first, second] = [pairs.map(([value]) => value), pairs.map(([, value]) => value)];
  const correlation = n < 2 ? null : spearman(first, second);
  if (correlation === null) {
    const why = n < 2 ? "one concept alone" : "every ablation did the same, so that there is nothing to rank";
    return { status: "undecided", evidence: `no rank correlation: ${why}` };
  }
  const words = `Spearman correlation ${correlation.toFixed(3)}`;
  if (n < fewest) return { status: "undecided", evidence: `${words} over ${n} concepts: no interval` };
  const reach = (normalQuantile(0.975) * fieller) / Math.sqrt(n - 3);
  const centre = Math.atanh(Math.max(-1 + 1e-9, Math.min(1 - 1e-9, correlation)));
  const interval = { low: Math.tanh(centre - reach), high: Math.tanh(centre + reach), level: 0.95, method: "Fisher" };
  const status = interval.low > 0 ? "holds" : interval.high < 0 ? "fails" : "undecided";
  return { status, evidence: `${words} over ${n} concepts, to be above 0`, interval };
}
