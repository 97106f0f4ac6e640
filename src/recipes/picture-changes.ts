/** Small changes of a picture that leave its class as it is, drawn anew each time that it is learned. */
import type { RandomStream } from "#base";
import type { Pixels } from "#formats";

/** How far pictures may be changed. */
export interface PictureChanges {
  /** Whether left and right may change places. */
  readonly flip: boolean;
  /** Pixels that it may move in each direction; its edge is repeated. */
  readonly shift: number;
  /** How far brightness may go from one, and contrast too. */
  readonly light: number;
}

/** A changed copy. */
export function changedPicture(pixels: Pixels, random: RandomStream, { flip, shift, light }: PictureChanges): Pixels {
  const { data, width, height } = pixels;
  const isFlipped = flip && random.int(2) === 1;
  const [down, across] = [random.int(2 * shift + 1) - shift, random.int(2 * shift + 1) - shift];
  const [brightness, contrast] = [1 + light * (2 * random.next() - 1), 1 + light * (2 * random.next() - 1)];
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const byValue = Uint8Array.from({ length: 256 }, (_, value) =>
    clipped(brightness * (mean + contrast * (value - mean))),
  );
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    const row = within(y + down, height) * width;
    for (let x = 0; x < width; x++) {
      const column = within(x + across, width);
      const from = (row + (isFlipped ? width - 1 - column : column)) * 3;
      const to = (y * width + x) * 3;
      for (let channel = 0; channel < 3; channel++) out[to + channel] = byValue[data[from + channel]!]!;
    }
  }
  return { data: out, width, height };
}

const within = (at: number, length: number): number => Math.min(length - 1, Math.max(0, at));

const clipped = (value: number): number => Math.min(255, Math.max(0, Math.round(value)));
