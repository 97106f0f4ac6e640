/** Perturbed pictures, by which stability is measured. */
import type { RandomStream } from "#base";
import type { Pixels } from "#formats";

/** The paper's augmentation, or one that leaves the colours. */
export type Perturbation = "simclr" | "gentle";

/** A picture perturbed, in its own size. */
export function perturbed(pixels: Pixels, kind: Perturbation, random: RandomStream): Pixels {
  const flipped = random.next() < 0.5 ? flip(pixels) : pixels;
  if (kind === "gentle") return mapped(flipped, (value) => value + 255 * 0.03 * random.normal());
  let changed = resizedCrop(flipped, random);
  if (random.next() < 0.8) changed = jitter(changed, random);
  if (random.next() < 0.2) changed = grey(changed);
  return blur(changed, random);
}

function mapped({ data, width, height }: Pixels, change: (value: number, at: number) => number): Pixels {
  const next = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at++) next[at] = Math.max(0, Math.min(255, Math.round(change(data[at]!, at))));
  return { data: next, width, height };
}

function flip({ data, width, height }: Pixels): Pixels {
  const next = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + width - 1 - x) * 3;
      next.set(data.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return { data: next, width, height };
}

/**
 * A part of 8 to 100 % of the area, of a shape between 3 : 4 and 4 : 3, blown up to the whole by linear interpolation.
 *
 * Source   torchvision's RandomResizedCrop with its defaults, which the paper's code uses
 */
function resizedCrop(pixels: Pixels, random: RandomStream): Pixels {
  const { width, height } = pixels;
  let part = { left: 0, top: 0, width, height };
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = width * height * (0.08 + 0.92 * random.next());
    const ratio = Math.exp(Math.log(3 / 4) + random.next() * Math.log(16 / 9));
    const [w, h] = [Math.round(Math.sqrt(area * ratio)), Math.round(Math.sqrt(area / ratio))];
    if (w < 1 || h < 1 || w > width || h > height) continue;
    part = { left: random.int(width - w + 1), top: random.int(height - h + 1), width: w, height: h };
    break;
  }
  const next = new Uint8Array(pixels.data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [((x + 0.5) * part.width) / width - 0.5, ((y + 0.5) * part.height) / height - 0.5];
      for (let channel = 0; channel < 3; channel++) {
        next[(y * width + x) * 3 + channel] = Math.round(sampled(pixels, part, { u, v, channel }));
      }
    }
  }
  return { data: next, width, height };
}

interface Part {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Linear interpolation between four pixels of a part, its edge repeated. */
function sampled(
  { data, width }: Pixels,
  part: Part,
  { u, v, channel }: { u: number; v: number; channel: number },
): number {
  const at = (x: number, y: number) => {
    const column = part.left + Math.max(0, Math.min(part.width - 1, x));
    const row = part.top + Math.max(0, Math.min(part.height - 1, y));
    return data[(row * width + column) * 3 + channel]!;
  };
  const [x, y] = [Math.floor(u), Math.floor(v)];
  const [right, down] = [u - x, v - y];
  const upper = at(x, y) * (1 - right) + at(x + 1, y) * right;
  const lower = at(x, y + 1) * (1 - right) + at(x + 1, y + 1) * right;
  return upper * (1 - down) + lower * down;
}

const luma = (data: Uint8Array, at: number): number =>
  0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;

/** Brightness, contrast and saturation by up to half, hue by up to a tenth of the circle. Source   torchvision's ColorJitter */
function jitter(pixels: Pixels, random: RandomStream): Pixels {
  const [brightness, contrast, saturation] = [0.5, 0.5, 0.5].map((most) => 1 - most + 2 * most * random.next()) as [
    number,
    number,
    number,
  ];
  const turn = 2 * Math.PI * (0.2 * random.next() - 0.1);
  const bright = mapped(pixels, (value) => value * brightness);
  let mean = 0;
  for (let at = 0; at < bright.data.length; at += 3) mean += luma(bright.data, at) / (bright.data.length / 3);
  const contrasted = mapped(bright, (value) => mean + contrast * (value - mean));
  const saturated = mapped(contrasted, (value, at) => {
    const own = luma(contrasted.data, at - (at % 3));
    return own + saturation * (value - own);
  });
  return turned(saturated, turn);
}

/** Turns the hue around the grey axis of YIQ, which leaves lightness. */
function turned(pixels: Pixels, angle: number): Pixels {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const rows = [0.299, 0.587, 0.114];
  const byCos = [
    [0.701, -0.587, -0.114],
    [-0.299, 0.413, -0.114],
    [-0.3, -0.588, 0.886],
  ];
  const bySin = [
    [0.168, 0.33, -0.497],
    [-0.328, 0.035, 0.292],
    [1.25, -1.05, -0.203],
  ];
  const { data } = pixels;
  return mapped(pixels, (_, at) => {
    const [base, channel] = [at - (at % 3), at % 3];
    return [0, 1, 2].reduce((sum, from) => {
      const factor = rows[from]! + cos * byCos[channel]![from]! + sin * bySin[channel]![from]!;
      return sum + factor * data[base + from]!;
    }, 0);
  });
}

const grey = (pixels: Pixels): Pixels => mapped(pixels, (_, at) => luma(pixels.data, at - (at % 3)));

/** Nine by nine, with a spread between 0.1 and 2, edges mirrored. Source   torchvision's GaussianBlur(9) */
function blur(pixels: Pixels, random: RandomStream): Pixels {
  const spread = 0.1 + 1.9 * random.next();
  const raw = Array.from({ length: 9 }, (_, at) => Math.exp(-0.5 * ((at - 4) / spread) ** 2));
  const total = raw.reduce((sum, value) => sum + value, 0);
  const kernel = raw.map((value) => value / total);
  return along(along(pixels, kernel, { right: 1, down: 0 }), kernel, { right: 0, down: 1 });
}

const mirrored = (at: number, size: number): number => {
  if (size === 1) return 0;
  const within = Math.abs(at) % (2 * size - 2);
  return within < size ? within : 2 * size - 2 - within;
};

function along(pixels: Pixels, kernel: readonly number[], { right, down }: { right: 0 | 1; down: 0 | 1 }): Pixels {
  const { data, width, height } = pixels;
  return mapped(pixels, (_, at) => {
    const [pixel, channel] = [Math.floor(at / 3), at % 3];
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    return kernel.reduce((sum, share, tap) => {
      const [column, row] = [mirrored(x + right * (tap - 4), width), mirrored(y + down * (tap - 4), height)];
      return sum + share * data[(row * width + column) * 3 + channel]!;
    }, 0);
  });
}
