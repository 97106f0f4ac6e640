import type { Claim, MeasuredRecord, Verdict } from "#base";
import { type CellRecord, cellRecords, examinedIn, pairsAlong } from "./cell-records.ts";
import { controlClaims } from "./claims-controls.ts";
import { rankingClaims } from "./claims-rankings.ts";
import type { Configuration } from "./configurations.ts";
import { type Contrast, meanDrop } from "./drops.ts";

const average = "mean over all measured pairs of the difference in";
const aboveZero = { direction: "above zero", margin: "95 % interval excludes zero (MOVER over Newcombe)" };

/** A claim that one share lies above another, on average over pairs of settings. */
function dropClaim(
  claim: Omit<Claim, "judge" | "test"> & { readonly statistic: string },
  { contrasts, words }: { contrasts: (records: readonly MeasuredRecord[]) => Contrast[]; words: string },
): Claim {
  const { statistic, ...rest } = claim;
  const judge = (records: readonly MeasuredRecord[]) =>
    examinedIn(records).flatMap((subject) => {
      const found = contrasts(records.filter((record) => record.subject === subject));
      return found.length === 0 ? [] : [judgeDrop(found, { claim: claim.id, subject, words })];
    });
  return { ...rest, test: { statistic, ...aboveZero }, judge };
}

function judgeDrop(
  contrasts: readonly Contrast[],
  { claim, subject, words }: { claim: string; subject: string; words: string },
): Verdict {
  const { from, to, points, interval, n, needed } = meanDrop(contrasts);
  const { low, high } = interval;
  const status = low > 0 ? "holds" : high < 0 ? "fails" : "undecided";
  const range = `${signed(-points)} points [${signed(-high)}, ${signed(-low)}]`;
  const pairs = contrasts.length === 1 ? "one pair of settings" : `${contrasts.length} pairs of settings`;
  const evidence = `${words} goes from ${from.toFixed(1)} % to ${to.toFixed(1)} %, ${range}, over ${pairs}`;
  const more = status === "undecided" && needed !== null ? { needed } : {};
  return { claim, subject, status, evidence, n, seeds: 1, interval, ...more };
}

const signed = (points: number): string => `${points < 0 ? "−" : "+"}${Math.abs(points).toFixed(1)}`;

/** Exact accuracy along one axis of the benchmark, one needle unless that is the axis. */
const exactAlong = (axis: keyof Configuration) => (records: readonly MeasuredRecord[]) => {
  const cells = cellRecords(records, { metric: "exact" });
  const line = axis === "needles" ? cells : cells.filter(({ cell }) => cell.needles === 1);
  return pairsAlong(line, axis).map(([first, next]) => ({ higher: first.record, lower: next.record }));
};

/** Existence where needles are present, against existence where they are absent. */
function presenceAgainstAbsence(records: readonly MeasuredRecord[]): Contrast[] {
  const absent = cellRecords(records, { metric: "existence", split: "negative" });
  const isSame = (a: CellRecord, b: CellRecord) =>
    (["pictures", "side", "needles"] as const).every((name) => a.cell[name] === b.cell[name]);
  return cellRecords(records, { metric: "existence" }).flatMap((present) => {
    const other = absent.find((candidate) => isSame(candidate, present));
    return other === undefined ? [] : [{ higher: present.record, lower: other.record }];
  });
}

const drops: readonly Claim[] = [
  dropClaim(
    {
      id: "more-pictures-are-harder",
      statement: "A needle is found less often among more pictures",
      place: "§4.2, Tables 2 and 3",
      certainty: "read in the paper",
      statistic: `${average} exact accuracy from fewer to more pictures, same N, one needle, present`,
      needs: ["a model", "exact accuracy for two values of pictures at one side"],
    },
    { contrasts: exactAlong("pictures"), words: "exact accuracy" },
  ),
  dropClaim(
    {
      id: "more-cells-are-harder",
      statement: "A needle is found less often in pictures of more cells",
      place: "§4.2, Tables 2 and 3",
      certainty: "read in the paper",
      statistic: `${average} exact accuracy from each N to the next, same M, one needle, present`,
      needs: ["a model", "exact accuracy for two values of side at one number of pictures"],
    },
    { contrasts: exactAlong("side"), words: "exact accuracy" },
  ),
  dropClaim(
    {
      id: "more-needles-are-harder",
      statement: "All needles are found less often when more are asked for at once",
      place: "§4.3, Tables 4 and 8",
      certainty: "read in the paper",
      statistic: `${average} exact accuracy from each K to the next, same M and N, present`,
      needs: ["a model", "exact accuracy for two values of needles at one setting"],
    },
    { contrasts: exactAlong("needles"), words: "exact accuracy" },
  ),
  dropClaim(
    {
      id: "absent-needles-are-hallucinated",
      statement:
        "Models claim to see needles that are absent: existence is wrong more often on absent than on present ones",
      place: "abstract; §4.2, Table 5",
      certainty: "read in the paper",
      statistic: `${average} existence accuracy, present minus absent needles, same setting`,
      needs: ["a model", "existence accuracy on present and absent needles of one setting"],
    },
    { contrasts: presenceAgainstAbsence, words: "existence accuracy" },
  ),
];

/** What the paper claims, and what the lab's own controls must show, each with its test fixed before anything is measured. */
export const claims: readonly Claim[] = [...drops, ...rankingClaims, ...controlClaims];
