import { type Haystacks, placeNeedles } from "./haystacks.ts";
import { type MosaicIndex, sampleMosaics } from "./mosaics.ts";

/** The (M, N) settings of the paper; (1, 1) is left out there as trivial. */
export const paperSettings = [
  { pictures: 1, side: 2 },
  { pictures: 1, side: 4 },
  { pictures: 1, side: 8 },
  { pictures: 10, side: 1 },
  { pictures: 10, side: 2 },
  { pictures: 10, side: 4 },
  { pictures: 10, side: 8 },
] as const;

/** The numbers of needles, K, of the paper. */
export const paperNeedles = [1, 2, 5] as const;

/** The whole benchmark without its pixels. */
export interface PaperIndex {
  readonly mosaics: readonly MosaicIndex[];
  /** One for each (M, N, K). */
  readonly configurations: readonly Haystacks[];
}

/** What the paper counts of its data set. */
export interface IndexCounts {
  readonly mosaics: number;
  readonly configurations: number;
  readonly samples: number;
  readonly captions: number;
  /** Captions whose picture is in the haystack, each with its place. */
  readonly positivePairs: number;
}

/**
 * Builds the index of the whole benchmark from a list of source pictures: 40,000 mosaics and 21 configurations of 5,000
 * positives and 5,000 negatives.
 *
 * Source   Wang et al. 2025, MMNeedle, §3.3
 *
 * @throws UsageError TOO_FEW_PICTURES with fewer than 10,000 pictures
 */
export function buildPaperIndex(sources: readonly string[], seed = 0): PaperIndex {
  const mosaics = [1, 2, 4, 8].map((side) => sampleMosaics({ sources, side, count: 10_000, seed }));
  const configurations = paperNeedles.flatMap((needles) =>
    paperSettings.map(({ pictures, side }) => {
      const filled = mosaics.find((index) => index.side === side)!;
      return placeNeedles(filled, { pictures, needles, positives: 5000, negatives: 5000, seed });
    }),
  );
  return { mosaics, configurations };
}

/** Counts what an index holds, sample by sample. */
export function countIndex({ mosaics, configurations }: PaperIndex): IndexCounts {
  const counts = { samples: 0, captions: 0, positivePairs: 0 };
  for (const haystacks of configurations) {
    for (const { targets, places } of haystacks) {
      counts.samples += 1;
      counts.captions += targets.length;
      counts.positivePairs += places.filter((place) => place !== null).length;
    }
  }
  const filled = mosaics.reduce((total, { count }) => total + count, 0);
  return { mosaics: filled, configurations: configurations.length, ...counts };
}
