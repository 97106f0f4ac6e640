/** Concepts of patches against what the patches are known to show, and against another run's. */
import { AssayError, assignment, mean, pearson } from "#base";

/** A table of how often concept k met material m. */
function contingency(
  found: ArrayLike<number>,
  truth: ArrayLike<number>,
): { cells: Map<string, number>; rows: Map<number, number>; columns: Map<number, number> } {
  if (found.length === 0 || found.length !== truth.length) {
    throw new AssayError(
      "MEASURE_INPUT",
      `labels: Expected two labellings of the same items, got ${found.length} and ${truth.length}`,
    );
  }
  const [cells, rows, columns] = [new Map<string, number>(), new Map<number, number>(), new Map<number, number>()];
  for (let at = 0; at < found.length; at++) {
    const [row, column] = [found[at]!, truth[at]!];
    cells.set(`${row} ${column}`, (cells.get(`${row} ${column}`) ?? 0) + 1);
    rows.set(row, (rows.get(row) ?? 0) + 1);
    columns.set(column, (columns.get(column) ?? 0) + 1);
  }
  return { cells, rows, columns };
}

/** What two labellings share. */
export interface LabelAgreement {
  /** Share of items whose found label's commonest true label is theirs: it grows with the number of labels. */
  readonly purity: number;
  /** Mutual information over the mean of both entropies. */
  readonly nmi: number;
  /** The Rand index, 0 by chance. */
  readonly ari: number;
}

const entropy = (counts: Iterable<number>, total: number): number =>
  [...counts].reduce((sum, count) => sum - (count / total) * Math.log(count / total), 0);
const pairs = (count: number): number => (count * (count - 1)) / 2;

/**
 * Agreement of found labels with true ones.
 *
 *     purity = Σ_k max_m n_km / n      NMI = 2 I / (H_found + H_true)      ARI = (Σ C(n_km, 2) − e) / (½ (a + b) − e), e = a b / C(n, 2)
 *
 * Source   Hubert & Arabie 1985; as scikit-learn's scores of the same names
 *
 * @throws AssayError MEASURE_INPUT
 */
export function labelAgreement(found: ArrayLike<number>, truth: ArrayLike<number>): LabelAgreement {
  const { cells, rows, columns } = contingency(found, truth);
  const n = found.length;
  const best = new Map<string, number>();
  let [information, together] = [0, 0];
  for (const [key, count] of cells) {
    const [row, column] = key.split(" ") as [string, string];
    best.set(row, Math.max(best.get(row) ?? 0, count));
    information += (count / n) * Math.log((count * n) / (rows.get(Number(row))! * columns.get(Number(column))!));
    together += pairs(count);
  }
  const both = entropy(rows.values(), n) + entropy(columns.values(), n);
  const [a, b] = [rows, columns].map((counts) =>
    [...counts.values()].reduce((sum, count) => sum + pairs(count), 0),
  ) as [number, number];
  const expected = n < 2 ? 0 : (a * b) / pairs(n);
  const room = (a + b) / 2 - expected;
  return {
    purity: [...best.values()].reduce((sum, count) => sum + count, 0) / n,
    nmi: both === 0 ? 1 : Math.max(0, (2 * information) / both),
    ari: room === 0 ? 1 : (together - expected) / room,
  };
}

/** One picture's map of a concept, and where its object truly is. */
export interface ConceptMap {
  /** Value of each patch. */
  readonly values: ArrayLike<number>;
  /** Whether each patch shows the object. */
  readonly inside: ArrayLike<boolean | number>;
}

/** How well maps point at objects; pictures without the object are left out. */
export interface Pointing {
  /** Share of pictures whose highest patch lies on the object. */
  readonly accuracy: number | null;
  /** The same for a patch picked at random. */
  readonly chance: number | null;
  /** Mean over pictures of |high ∩ object| / |high ∪ object|, high being as many patches as the object has. */
  readonly iou: number | null;
  readonly n: number;
}

/**
 * The pointing game, and intersection over union.
 *
 * Source   Zhang et al. 2016, Top-down neural attention by excitation backprop, §4.2
 */
export function pointing(maps: readonly ConceptMap[]): Pointing {
  const shown = maps.filter(({ inside }) => Array.from(inside).some(Boolean));
  if (shown.length === 0) return { accuracy: null, chance: null, iou: null, n: 0 };
  const scores = shown.map(({ values, inside }) => {
    const order = Array.from({ length: values.length }, (_, at) => at).sort((a, b) => values[b]! - values[a]! || a - b);
    const size = Array.from(inside).filter(Boolean).length;
    const hits = order.slice(0, size).filter((at) => inside[at]).length;
    return { hit: Number(Boolean(inside[order[0]!])), chance: size / values.length, iou: hits / (2 * size - hits) };
  });
  return {
    accuracy: mean(scores.map(({ hit }) => hit)),
    chance: mean(scores.map(({ chance }) => chance)),
    iou: mean(scores.map(({ iou }) => iou)),
    n: shown.length,
  };
}

/** Which concept of one run is which of another. */
export interface SeedAgreement {
  /** For each concept of the first run its partner in the second. */
  readonly partners: readonly number[];
  /** Correlation over images of each pair's θ; 0 where one never moves. */
  readonly correlations: readonly number[];
  /** Every concept of the first run with every one of the second. */
  readonly table: readonly (readonly number[])[];
  /** The mean of the pairs' correlations. */
  readonly mean: number;
}

/**
 * Agreement of two runs on the same images: concepts are paired so that their θ correlate most.
 *
 * @throws AssayError MEASURE_INPUT when the runs explain different images
 */
export function seedAgreement(first: readonly Float64Array[], second: readonly Float64Array[]): SeedAgreement {
  const sizes = [first[0]?.length ?? 0, second[0]?.length ?? 0] as const;
  if (first.length < 2 || first.length !== second.length || sizes[0] > sizes[1] || sizes[0] === 0) {
    const got = `${first.length} images of ${sizes[0]} concepts and ${second.length} of ${sizes[1]}`;
    throw new AssayError(
      "MEASURE_INPUT",
      `seedAgreement: Expected the same images, with no more concepts in the first run, got ${got}`,
    );
  }
  const column = (rows: readonly Float64Array[], k: number): number[] => rows.map((row) => row[k]!);
  const others = Array.from({ length: sizes[1] }, (_, k) => column(second, k));
  const table = Array.from({ length: sizes[0] }, (_, k) => {
    const own = column(first, k);
    return others.map((other) => correlation(own, other));
  });
  const partners = assignment(table.map((row) => row.map((value) => -value)));
  const correlations = partners.map((partner, k) => table[k]![partner]!);
  return { partners, correlations, table, mean: mean(correlations) };
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const moves = (values: readonly number[]) => values.some((value) => Math.abs(value - values[0]!) > 1e-12);
  return moves(a) && moves(b) ? (pearson(a, b) ?? 0) : 0;
}
