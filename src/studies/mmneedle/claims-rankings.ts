import { type Claim, type MeasuredRecord, mean, type Verdict, wilson } from "#base";
import { cellRecords, examinedIn } from "./cell-records.ts";
import { type Contrast, meanDrop } from "./drops.ts";

/** Names of subjects with weights on the bench; all others that are examined answer behind an API. */
const isOpen = (subject: string): boolean => /^(?:hf:|\.{0,2}\/|mini:)/.test(subject);
const isGpt4o = (subject: string): boolean => /(?:^|\/)gpt-4o(?:-\d|@|$)/.test(subject);

const sameCells = { direction: "above zero", margin: "95 % interval excludes zero (MOVER over Newcombe)" };

/** Exact accuracy of two subjects in the settings that both were asked, present needles. */
function contrastsOf(records: readonly MeasuredRecord[], higher: string, lower: string): Contrast[] {
  const own = (subject: string) =>
    cellRecords(
      records.filter((record) => record.subject === subject),
      { metric: "exact" },
    );
  const name = (setting: MeasuredRecord["setting"]) => JSON.stringify(setting);
  const theirs = new Map(own(lower).map(({ record }) => [name(record.setting), record]));
  return own(higher).flatMap(({ record }) => {
    const other = theirs.get(name(record.setting));
    return other === undefined ? [] : [{ higher: record, lower: other }];
  });
}

const meanExact = (records: readonly MeasuredRecord[], subject: string): number =>
  mean([
    0,
    ...cellRecords(
      records.filter((record) => record.subject === subject),
      { metric: "exact" },
    ).map((cell) => cell.record.value!),
  ]);

/** The subject with the highest mean exact accuracy. */
function bestOf(records: readonly MeasuredRecord[], subjects: readonly string[]): string | undefined {
  return subjects.toSorted((a, b) => meanExact(records, b) - meanExact(records, a))[0];
}

function judgeLead(
  records: readonly MeasuredRecord[],
  { claim, leader, other }: { claim: string; leader: string | undefined; other: string | undefined },
): Verdict[] {
  if (leader === undefined || other === undefined) return [];
  const contrasts = contrastsOf(records, leader, other);
  if (contrasts.length === 0) return [];
  const { from, to, points, interval, n, needed } = meanDrop(contrasts);
  const status = interval.low > 0 ? "holds" : interval.high < 0 ? "fails" : "undecided";
  const evidence = `exact accuracy ${from.toFixed(1)} % (${leader}) against ${to.toFixed(1)} % (${other}), ${points.toFixed(1)} points [${interval.low.toFixed(1)}, ${interval.high.toFixed(1)}], over ${contrasts.length} settings`;
  const more = status === "undecided" && needed !== null ? { needed } : {};
  return [{ claim, subject: leader, status, evidence, n, seeds: 1, interval, ...more }];
}

const gpt4oLeads: Claim = {
  id: "gpt-4o-leads",
  statement: "GPT-4o finds needles more often than every other model",
  place: "abstract; Tables 2 to 4",
  certainty: "read in the paper",
  test: { statistic: "mean difference in exact accuracy between GPT-4o and the best other subject", ...sameCells },
  needs: ["openai/gpt-4o", "another model on the same settings"],
  judge: (records) => {
    const subjects = examinedIn(records);
    const others = subjects.filter((subject) => !isGpt4o(subject));
    return judgeLead(records, {
      claim: "gpt-4o-leads",
      leader: subjects.find(isGpt4o),
      other: bestOf(records, others),
    });
  },
};

const apisLead: Claim = {
  id: "apis-lead-open-models",
  statement: "The best model behind an API finds needles more often than the best one with open weights",
  place: "§4.2, Tables 2 and 3",
  certainty: "read in the paper",
  test: { statistic: "mean difference in exact accuracy between the best of each kind", ...sameCells },
  needs: ["a model behind an API", "a model with open weights on the same settings"],
  judge: (records) => {
    const subjects = examinedIn(records);
    const leader = bestOf(
      records,
      subjects.filter((subject) => !isOpen(subject)),
    );
    return judgeLead(records, {
      claim: "apis-lead-open-models",
      leader,
      other: bestOf(records, subjects.filter(isOpen)),
    });
  },
};

const bound = 5;

const largestDefeats: Claim = {
  id: "largest-haystack-defeats-all",
  statement: "In ten pictures of 8 × 8 cells almost no needle is found exactly",
  place: "§4.2, Table 3",
  certainty: "read in the paper",
  test: {
    statistic: "exact accuracy at M = 10, N = 8, one needle, present",
    direction: `below ${bound} %`,
    margin: "95 % Wilson interval on one side of the bound",
  },
  needs: ["a model", "--set pictures=10 --set side=8"],
  judge: (records) =>
    cellRecords(records, { metric: "exact" })
      .filter(({ cell }) => cell.pictures === 10 && cell.side === 8 && cell.needles === 1)
      .filter(({ record }) => examinedIn([record]).length > 0)
      .map(({ record: { subject, value, n } }) => {
        const { low, high, ...how } = wilson(Math.round((value! / 100) * n), n);
        const status = 100 * high < bound ? "holds" : 100 * low > bound ? "fails" : "undecided";
        const range = `[${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;
        const evidence = `${value!.toFixed(1)} % ${range} of ${n} are exact, the bound is ${bound} %`;
        const interval = { ...how, low: 100 * low, high: 100 * high };
        return { claim: "largest-haystack-defeats-all", subject, status, evidence, n, seeds: 1, interval } as const;
      }),
};

/** Claims that compare subjects, and the one about the largest setting. */
export const rankingClaims: readonly Claim[] = [gpt4oLeads, apisLead, largestDefeats];
