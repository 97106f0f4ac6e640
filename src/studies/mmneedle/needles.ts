import { AssayError, PythonRandom, UsageError } from "#base";
import { cellsOf, type MosaicIndex } from "./mosaics.ts";

/** Whether all needles of a sample are present, none is, or some are. */
export type Split = "positive" | "negative" | "mixed";

/** One drawn needle. */
export interface Needle {
  /** Its cell among the M·N² of the haystack, -1 when it is absent. */
  readonly cell: number;
  /** Its picture, as a place in the list of sources. */
  readonly source: number;
}

/** How many needles of which kind to draw. */
export interface NeedleOptions {
  /** M, the mosaics shown at once. */
  readonly pictures: number;
  /** K, the captions asked for at once. */
  readonly needles: number;
  /** Samples whose needles are all present; they come first. */
  readonly positives: number;
  /** Samples whose needles are all absent. */
  readonly negatives: number;
  /** Samples with present and absent needles; beyond the paper. */
  readonly mixed?: number;
  readonly seed?: number;
  /**
   * The duplicate guard: no needle's caption equals, but for case and outer spaces, another one in its haystack.
   * Off when left out, as in the official data, where a second picture may fit the caption as well.
   */
  readonly uniqueCaptions?: (source: string) => string;
}

/**
 * Draws needles into haystacks, one CPython stream for a whole configuration.
 *
 *     j uniform in [0, M·N²)      picture = j div N², row = j mod N² div N, column = j mod N
 *
 * Present needles lie in different cells unless there are more needles than cells; absent ones are different pictures
 * that the haystack does not hold.
 *
 * Source   Wang et al. 2025, MMNeedle, §3.3 steps 2 to 4; sample_single_needle.py and sample_multiple_needles.py at commit debcaae
 */
export class NeedleDraw {
  /** How many draws the duplicate guard refused. */
  redrawn = 0;
  readonly #mosaics: MosaicIndex;
  readonly #options: NeedleOptions;
  readonly #random: PythonRandom;
  /** The sources in the cells of the sample at hand. Shapes [M · N · N]. */
  readonly #shown: Uint32Array;
  /** For each source the number of its caption; undefined while the guard is off. */
  readonly #captions: Uint32Array | undefined;

  /** @throws UsageError TOO_FEW_PICTURES, TOO_FEW_NEEDLES, TOO_MANY_NEEDLES */
  constructor(mosaics: MosaicIndex, options: NeedleOptions) {
    checkNeedles(mosaics, options);
    this.#mosaics = mosaics;
    this.#options = options;
    this.#random = new PythonRandom(options.seed ?? 0);
    this.#shown = new Uint32Array(options.pictures * mosaics.side ** 2);
    this.#captions = options.uniqueCaptions && numberCaptions(mosaics.sources, options.uniqueCaptions);
  }

  /** The mosaics of sample `id`; with M = 1 every mosaic has its turn once. */
  drawMosaics(id: number): number[] {
    const { pictures } = this.#options;
    return pictures === 1 ? [id] : this.#random.sampleRange(this.#mosaics.count, pictures);
  }

  /** The needles of a sample that shows `mosaics`. @throws AssayError NO_UNIQUE_NEEDLE, TOO_FEW_PICTURES */
  drawNeedles(mosaics: readonly number[], split: Split): Needle[] {
    const shown = this.#shown;
    for (const [at, mosaic] of mosaics.entries())
      shown.set(cellsOf(this.#mosaics, mosaic), at * this.#mosaics.side ** 2);
    const outside = split === "positive" ? undefined : this.#outside(shown);
    const drawn: Needle[] = [];
    for (const isPresent of this.#presence(split)) {
      drawn.push(isPresent ? this.#drawPresent(shown, drawn) : this.#drawAbsent(shown, drawn, outside!));
    }
    return drawn;
  }

  /** Which needles are present; a mixed sample has at least one of each kind. */
  #presence(split: Split): boolean[] {
    const { needles } = this.#options;
    if (split !== "mixed") return Array(needles).fill(split === "positive");
    const present = this.#random.sampleRange(needles, this.#random.randint(1, needles - 1));
    return Array.from({ length: needles }, (_, at) => present.includes(at));
  }

  #drawPresent(shown: Uint32Array, drawn: readonly Needle[]): Needle {
    const taken = new Set(drawn.filter(isPresent).map(({ cell }) => cell));
    return this.#drawUntil({
      draw: () => {
        const cell = this.#random.randint(0, shown.length - 1);
        return { cell, source: shown[cell]! };
      },
      isNew: ({ cell }) => !taken.has(cell) || taken.size >= shown.length,
      isUnique: ({ source }) => this.#countSameCaption(source, shown) === 1,
    });
  }

  #drawAbsent(shown: Uint32Array, drawn: readonly Needle[], outside: Outside): Needle {
    const asked = drawn.filter((needle) => !isPresent(needle)).map(({ source }) => source);
    return this.#drawUntil({
      draw: () => ({ cell: -1, source: outside.at(this.#random.randbelow(outside.size)) }),
      isNew: ({ source }) => !asked.includes(source),
      isUnique: ({ source }) => this.#countSameCaption(source, [...shown, ...asked]) === 0,
    });
  }

  #drawUntil({ draw, isNew, isUnique }: Draw): Needle {
    const patience = 100 * this.#mosaics.sources.length;
    for (let attempt = 0; attempt < patience; attempt++) {
      const needle = draw();
      if (!isNew(needle)) continue;
      if (this.#captions === undefined || isUnique(needle)) return needle;
      this.redrawn++;
    }
    throw new AssayError(
      "NO_UNIQUE_NEEDLE",
      `mmneedle: Expected a needle whose caption is unique in its haystack, got none in ${patience} draws; too many captions are equal for this setting`,
    );
  }

  #countSameCaption(source: number, others: Iterable<number>): number {
    const captions = this.#captions!;
    let count = 0;
    for (const other of others) if (captions[other] === captions[source]) count++;
    return count;
  }

  /** The pictures that a haystack does not hold, without making a list of them. @throws UsageError TOO_FEW_PICTURES */
  #outside(shown: Uint32Array): Outside {
    const inside = shown.toSorted().filter((source, at, sorted) => source !== sorted[at - 1]);
    const size = this.#mosaics.sources.length - inside.length;
    if (size >= this.#options.needles) return { size, at: (rank) => nthOutside(inside, rank) };
    throw new UsageError(
      "TOO_FEW_PICTURES",
      `mmneedle: Expected ${this.#options.needles} pictures outside the haystack for absent needles, got ${size}; add pictures or lower pictures, side or needles`,
    );
  }
}

interface Draw {
  readonly draw: () => Needle;
  readonly isNew: (needle: Needle) => boolean;
  readonly isUnique: (needle: Needle) => boolean;
}

interface Outside {
  readonly size: number;
  readonly at: (rank: number) => number;
}

const isPresent = ({ cell }: Needle): boolean => cell >= 0;

/** The whole number of the given rank among those that `inside`, sorted, does not hold. */
function nthOutside(inside: Uint32Array, rank: number): number {
  let number = rank;
  for (const held of inside) {
    if (held > number) break;
    number++;
  }
  return number;
}

/** Equal captions get equal numbers; case and outer spaces do not tell captions apart. */
function numberCaptions(sources: readonly string[], caption: (source: string) => string): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from(sources, (source) => {
    const text = caption(source).trim().toLowerCase();
    if (!numbers.has(text)) numbers.set(text, numbers.size);
    return numbers.get(text)!;
  });
}

function checkNeedles(
  mosaics: MosaicIndex,
  { pictures, needles, positives, negatives, mixed = 0 }: NeedleOptions,
): void {
  const samples = positives + negatives + mixed;
  const wanted = pictures === 1 ? samples : pictures;
  if (mosaics.count < wanted) {
    const got = `got ${mosaics.count}`;
    throw new UsageError(
      "TOO_FEW_PICTURES",
      `mmneedle: Expected at least ${wanted} mosaics for ${samples} samples of ${pictures}, ${got}`,
    );
  }
  if (mixed > 0 && needles < 2) {
    throw new UsageError(
      "TOO_FEW_NEEDLES",
      "mmneedle: Expected at least 2 needles to mix present and absent ones, got 1",
    );
  }
  const cells = pictures * mosaics.side ** 2;
  const isPapers = pictures === 1 && mosaics.side === 2 && needles === 5;
  if (needles > cells && !isPapers) {
    const where = `${pictures} × ${mosaics.side}*${mosaics.side} cells`;
    throw new UsageError(
      "TOO_MANY_NEEDLES",
      `mmneedle: Expected at most ${cells} needles in ${where}, got ${needles}; only the paper's M = 1, N = 2, K = 5 repeats a cell`,
    );
  }
}
