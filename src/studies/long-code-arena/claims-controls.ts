import type { Claim, MeasuredRecord, Verdict } from "#base";

const notInThePaper = { place: "not in the paper: a control of the chain", certainty: "recomputed" } as const;

/** What a control must score, in the unit of the record. */
interface Expectation {
  readonly task: string;
  readonly metric: string;
  readonly value: number;
  readonly setting?: MeasuredRecord["setting"];
}

function scoresExactly(
  claim: Pick<Claim, "id" | "statement">,
  { control, expected }: { readonly control: string; readonly expected: readonly Expectation[] },
): Claim {
  const subject = `baseline:${control}`;
  const statistic = expected.map(({ task, metric, value }) => `${metric} of ${task} = ${value}`).join(", ");
  const judge = (records: readonly MeasuredRecord[]): Verdict[] => {
    const found = expected.flatMap((one) =>
      records.filter((record) => record.subject === subject && fits(record, one)).map((record) => ({ record, one })),
    );
    if (found.length === 0) return [];
    const wrong = found.filter(({ record, one }) => Math.abs(record.value! - one.value) > 1e-9);
    const [first] = wrong;
    const evidence =
      first === undefined
        ? `all ${found.length} numbers as expected`
        : `${wrong.length} of ${found.length} numbers differ, first ${first.one.metric} ${first.record.value} of ${first.one.task}`;
    const n = found.reduce((total, { record }) => total + record.n, 0);
    return [{ claim: claim.id, subject, status: first === undefined ? "holds" : "fails", evidence, n, seeds: 1 }];
  };
  return {
    ...notInThePaper,
    ...claim,
    judge,
    needs: [subject],
    test: { statistic, direction: "equal", margin: "1e-9" },
  };
}

const fits = ({ metric, setting, value }: MeasuredRecord, expected: Expectation): boolean =>
  value !== null &&
  metric === expected.metric &&
  setting.task === expected.task &&
  Object.entries(expected.setting ?? {}).every(([name, wanted]) => setting[name] === wanted);

const oracle: readonly Expectation[] = [
  { task: "library-codegen", metric: "chrf", value: 1 },
  { task: "library-codegen", metric: "apiRecall", value: 1 },
  { task: "code-completion", metric: "exact", value: 100, setting: { lineClass: "all", size: "every" } },
  { task: "code-completion", metric: "editSimilarity", value: 100, setting: { lineClass: "all", size: "every" } },
  { task: "commit-messages", metric: "chrf", value: 100 },
  { task: "commit-messages", metric: "rougeL", value: 100 },
  { task: "bug-localization", metric: "map", value: 1, setting: { language: "all" } },
  { task: "bug-localization", metric: "setF1", value: 1, setting: { language: "all" } },
  { task: "ci-repair", metric: "passRate", value: 100 },
];

/** What the lab's own controls must show before any other number is believed. */
export const controlClaims: readonly Claim[] = [
  scoresExactly(
    { id: "control-oracle-is-perfect", statement: "A subject that knows every answer has every point, task by task" },
    { control: "oracle", expected: oracle },
  ),
  scoresExactly(
    { id: "control-empty-patch-repairs-nothing", statement: "A build that fails still fails when nothing is changed" },
    { control: "empty-patch", expected: [{ task: "ci-repair", metric: "passRate", value: 0 }] },
  ),
  scoresExactly(
    {
      id: "control-identical-texts-score-50",
      statement: "A judge shown the same text twice prefers neither: 50 exactly",
    },
    { control: "identity", expected: [{ task: "module-summarization", metric: "compScoreOfIdentical", value: 50 }] },
  ),
];
