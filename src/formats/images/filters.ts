/** The kernels of Pillow's resizing, each over the distance from the middle of a pixel in pixels of the coarser grid. */

/** How far a kernel reaches, and what it weighs. */
export interface FilterShape {
  readonly reach: number;
  weight(position: number): number;
}

/** sin(π x) / (π x) */
const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));

/**
 * Every antialiasing kernel.
 *
 * Source   Pillow 3 to 12, src/libImaging/Resample.c
 */
export const filters = {
  box: { reach: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { reach: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: {
    reach: 1,
    weight: (x) => (Math.abs(x) >= 1 ? 0 : sinc(x) * (0.54 + 0.46 * Math.cos(Math.abs(x) * Math.PI))),
  },
  bicubic: { reach: 2, weight: cubic },
  lanczos: { reach: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
} as const satisfies Readonly<Record<string, FilterShape>>;

/** The name of a kernel. */
export type Filter = keyof typeof filters;

/**
 * Keys's cubic convolution with a = −1/2.
 *
 *     |x| < 1:  3/2 |x|³ − 5/2 |x|² + 1        |x| < 2:  −1/2 |x|³ + 5/2 |x|² − 4 |x| + 2
 *
 * Source   Keys 1981, Cubic Convolution Interpolation for Digital Image Processing, eq. 15
 */
function cubic(position: number): number {
  const x = Math.abs(position);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}
