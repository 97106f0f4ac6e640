/**
 * Pictures as tokens: patches, and where each one stands.
 *
 * Axes     N pictures · Ch channels · Y, X pixels · h, w pixels of a patch · P patches · C hidden size
 */
import { type Tensor, tensor } from "#base";
import { concat, constant, type Dim, slice, type Value } from "#engine";

/** Height and width, of a picture in pixels or of a grid in patches. */
export type Extent = readonly [height: number, width: number];

/** How many patches a picture is cut into; what is left over at the right and below is not seen. */
export const gridOf = ([height, width]: Extent, [patchHeight, patchWidth]: Extent): Extent => [
  Math.floor(height / patchHeight),
  Math.floor(width / patchWidth),
];

/**
 * Each patch as one vector: a convolution whose stride is its kernel, written as one product.
 *
 * Shapes   pixels [N, Ch, Y, X] · weight [C, Ch, h, w] · bias [C] → [N, P, C], rows of patches from the top
 */
export function embedPatches(pixels: Value, weight: Value, bias?: Value): Value {
  const [, channels, height, width] = pixels.shape as [Dim, number, number, number];
  const [hidden, , h, w] = weight.shape as [number, number, number, number];
  const [rows, columns] = gridOf([height, width], [h, w]);
  const whole = slice(slice(pixels, { axis: 2, end: rows * h }), { axis: 3, end: columns * w });
  const cut = whole.reshape([-1, channels, rows, h, columns, w]).transpose([0, 2, 4, 1, 3, 5]);
  const flat = cut.reshape([-1, rows * columns, channels * h * w]);
  const product = flat.matmul(weight.reshape([hidden, channels * h * w]).swapAxes(0, 1));
  return bias === undefined ? product : product.add(bias);
}

/** Which grid positions were trained for, and which one is needed. */
export interface PositionGrids {
  readonly trained: Extent;
  readonly needed: Extent;
  /** Tokens before the patches, whose positions stay. */
  readonly specials: number;
}

/**
 * Positions for a picture of another size: bicubic between those that were trained, a linear map, so gradients pass.
 *
 * Shapes   positions [specials + P, C] → [specials + P', C]
 * Source   Dosovitskiy et al. 2021 (arXiv:2010.11929), §3.2; torch's bicubic with align_corners=False, as transformers has it
 */
export function interpolatedPositions(positions: Value, { trained, needed, specials }: PositionGrids): Value {
  if (trained[0] === needed[0] && trained[1] === needed[1]) return positions;
  const before = slice(positions, { axis: 0, end: specials });
  const map = constant(interpolation(trained, needed));
  return concat([before, map.matmul(slice(positions, { axis: 0, start: specials }))], 0);
}

/** The map from trained patch positions to needed ones. [P', P] */
export function interpolation(trained: Extent, needed: Extent): Tensor<"float32"> {
  const [down, across] = [cubicWeights(trained[0], needed[0]), cubicWeights(trained[1], needed[1])];
  const values = down.flatMap((vertical) =>
    across.flatMap((horizontal) => vertical.flatMap((one) => horizontal.map((other) => one * other))),
  );
  return tensor([needed[0] * needed[1], trained[0] * trained[1]], values);
}

/** For each of `to` places its weights over `from` ones; beyond the end stands the last one again. */
function cubicWeights(from: number, to: number): number[][] {
  return Array.from({ length: to }, (_, at) => {
    const place = ((at + 0.5) * from) / to - 0.5;
    const weights = new Array<number>(from).fill(0);
    for (let tap = -1; tap <= 2; tap++) {
      const source = Math.min(from - 1, Math.max(0, Math.floor(place) + tap));
      weights[source] = weights[source]! + cubic(place - Math.floor(place) - tap);
    }
    return weights;
  });
}

/** a of torch's kernel. */
const sharpness = -0.75;

/**
 *     |x| ≤ 1:  (a + 2) |x|³ − (a + 3) |x|² + 1        |x| < 2:  a |x|³ − 5 a |x|² + 8 a |x| − 4 a
 *
 * Source   Keys 1981, eq. 4
 */
function cubic(place: number): number {
  const [x, a] = [Math.abs(place), sharpness];
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}
