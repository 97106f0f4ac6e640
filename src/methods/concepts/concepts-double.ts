/** Data drawn from the model itself, for tests: concepts, mixtures and patches are known. */
import { type RandomStream, stream } from "#base";
import { type EmbeddedImage, type EmbeddingSource, sourceOfImages } from "./embedded-image.ts";

/** What was drawn. */
export interface Drawn {
  readonly source: EmbeddingSource;
  /** θ of each image. */
  readonly thetas: readonly Float64Array[];
  /** μ [K, d] */
  readonly means: Float64Array;
  /** z of each patch of each image. */
  readonly labels: readonly Int32Array[];
}

/** Sizes of a draw. */
export interface DrawOptions {
  readonly images?: number;
  readonly patches?: number;
  readonly concepts?: number;
  readonly d?: number;
  readonly alpha?: number;
  readonly spread?: number;
  readonly seed?: number;
  readonly attention?: "uniform" | "uneven";
}

/** A draw from Γ(shape, 1). Source   Marsaglia & Tsang 2000 */
function gammaDraw(random: RandomStream, shape: number): number {
  if (shape < 1) return gammaDraw(random, shape + 1) * random.next() ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = random.normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** θ ~ Dirichlet(α), z ~ θ, e ~ N(μ_z, I); the label is the concept with the largest θ. */
export function drawImages(options: DrawOptions = {}): Drawn {
  const { images = 120, patches = 49, concepts = 4, d = 3, alpha = 0.4, spread = 4, seed = 0 } = options;
  const random = stream(seed, "concepts/double");
  const means = Float64Array.from({ length: concepts * d }, () => spread * random.normal());
  const [thetas, labels, drawn]: [Float64Array[], Int32Array[], EmbeddedImage[]] = [[], [], []];
  for (let image = 0; image < images; image++) {
    const raw = Float64Array.from({ length: concepts }, () => gammaDraw(random, alpha));
    const total = raw.reduce((sum, value) => sum + value, 0);
    const theta = raw.map((value) => value / total);
    const z = Int32Array.from({ length: patches }, () => drawConcept(random, theta));
    const embeddings = new Float64Array(patches * d);
    for (let at = 0; at < embeddings.length; at++) {
      embeddings[at] = means[z[Math.floor(at / d)]! * d + (at % d)]! + random.normal();
    }
    const attention = Float64Array.from({ length: patches }, () =>
      options.attention === "uneven" ? random.next() : 1,
    );
    thetas.push(theta);
    labels.push(z);
    drawn.push({ id: `image ${image}`, embeddings, attention, label: theta.indexOf(Math.max(...theta)) });
  }
  const source = sourceOfImages(drawn, { name: "drawn", width: d, classes: concepts, model: "double" });
  return { source, thetas, means, labels };
}

function drawConcept(random: RandomStream, theta: Float64Array): number {
  let rest = random.next();
  for (const [k, share] of theta.entries()) {
    rest -= share;
    if (rest < 0) return k;
  }
  return theta.length - 1;
}
