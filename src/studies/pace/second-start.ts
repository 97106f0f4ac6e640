import { bootstrapInterval, type Interval, mean, members, pearson, stream } from "#base";
import { seedAgreement } from "#evals/metrics";
import { type ConceptModel, explainAll, fitConcepts, type ImageExplanation } from "#methods/concepts";
import type { Bench } from "./bench.ts";
import { fitOptionsOf } from "./explainers.ts";
import { examplesOf, type ShownPatch } from "./gallery.ts";
import type { Explained, Measured } from "./measures.ts";

/** How far the second start's seed lies from the first's: no run has so many seeds. */
const seedGap = 1000;

/** Correlations cost more than means. */
const resamples = 500;

/** The mean correlation of concepts that are paired already, over test images. */
function agreementInterval(
  first: readonly Float64Array[],
  second: readonly Float64Array[],
  partners: readonly number[],
): Interval | undefined {
  if (first.length < 3) return undefined;
  const statistic = (positions: Uint32Array) => {
    const column = (rows: readonly Float64Array[], k: number) => Float64Array.from(positions, (at) => rows[at]![k]!);
    // A concept that no drawn image has correlates with nothing, as in seedAgreement().
    return mean(partners.map((partner, k) => pearson(column(first, k), column(second, partner)) ?? 0));
  };
  const random = stream(0, "pace/agreement");
  return bootstrapInterval(members(first.length), statistic, { random, method: "percentile", resamples });
}

/** Fits once more from another start, and pairs its concepts with the first one's. */
export async function secondStart(
  bench: Bench,
  model: ConceptModel,
  { explained, seed }: { explained: Explained; seed: number },
) {
  const { sources, settings, scene, seen, run } = bench;
  const other = await fitConcepts(sources.train, {
    ...fitOptionsOf(settings, seed + seedGap),
    prior: model.settings.prior,
  });
  const again = await explainAll(other, sources.test, { theta: settings.theta });
  const thetas = (list: readonly ImageExplanation[]) => list.map(({ theta }) => theta);
  const found = seedAgreement(thetas(explained.test), thetas(again));
  const interval = agreementInterval(thetas(explained.test), thetas(again), found.partners);
  const scores: Record<string, Measured> = {
    seedAgreement: { value: found.mean, n: again.length, ...(interval === undefined ? {} : { interval }) },
  };
  if (seed !== bench.first || seen === undefined) return { scores, comparison: null };
  const { classes } = scene.set;
  const shown = { run, model: other, classes, seen: seen.test, explained: again, patch: scene.patch };
  const examples: (readonly ShownPatch[])[] = [];
  for (let k = 0; k < settings.concepts; k++) examples.push(await examplesOf(k, { ...shown, examples: 3, shown: 0 }));
  const table = found.table.map((row) => row.map((value) => Number(value.toFixed(3))));
  return { scores, comparison: { seeds: [seed, seed + seedGap] as const, partners: found.partners, table, examples } };
}
