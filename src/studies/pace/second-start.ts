import { seedAgreement } from "#evals/metrics";
import { type ConceptModel, explainAll, fitConcepts, type ImageExplanation } from "#methods/concepts";
import type { Bench } from "./bench.ts";
import { fitOptionsOf } from "./explainers.ts";
import { examplesOf, type ShownPatch } from "./gallery.ts";
import type { Explained, Measured } from "./measures.ts";

/** How far the second start's seed lies from the first's: no run has so many seeds. */
const seedGap = 1000;

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
  // Its chance is that of the starts: pictures, however many, say nothing of it, so no interval stands beside one pair.
  const scores: Record<string, Measured> = { seedAgreement: { value: found.mean, n: again.length } };
  if (seed !== bench.first || seen === undefined) return { scores, comparison: null };
  const { classes } = scene.set;
  const shown = { run, model: other, classes, seen: seen.test, explained: again, patch: scene.patch };
  const examples: (readonly ShownPatch[])[] = [];
  for (let k = 0; k < settings.concepts; k++) examples.push(await examplesOf(k, { ...shown, examples: 3, shown: 0 }));
  const table = found.table.map((row) => row.map((value) => Number(value.toFixed(3))));
  return { scores, comparison: { seeds: [seed, seed + seedGap] as const, partners: found.partners, table, examples } };
}
