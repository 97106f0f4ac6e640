import { sizeOf, stream, type Tensor } from "#base";
import { mapTree } from "#engine";

/** How an encoder's weights start. */
export interface StartEncoderOptions {
  readonly seed: number;
  /** Blocks that write to one residual stream. */
  readonly layers: number;
}

/** The spread of tokens and positions. */
const tokenSpread = 0.02;
/** ln(1 / 0.07), what CLIP's similarities start with. */
const startScale = Math.log(1 / 0.07);

/**
 * Weights of a ViT or CLIP before training: matrices at 1 / √in, less where a block writes to the residual stream, tokens
 * and positions close to zero, offsets at zero, scales at one.
 */
export function startEncoder<Weights>(plan: object, { seed, layers }: StartEncoderOptions): Weights {
  return mapTree(plan, ({ shape }, path) => {
    const lengths = shape as readonly number[];
    const random = stream(seed, `start weights/${path}`);
    const spread = spreadOf(path, lengths, layers);
    const data = Float32Array.from({ length: sizeOf(lengths) }, () => constantAt(path) ?? spread * random.normal());
    return { dtype: "float32", shape: lengths, data } satisfies Tensor<"float32">;
  }) as Weights;
}

function constantAt(path: string): number | undefined {
  if (path === "scale") return startScale;
  if (path.endsWith("Norm.scale")) return 1;
  return path.endsWith(".bias") ? 0 : undefined;
}

function spreadOf(path: string, shape: readonly number[], layers: number): number {
  if (/(^|\.)embedding\.(classToken|distillationToken|token|position)$/.test(path)) return tokenSpread;
  const isPatch = shape.length === 4;
  const inputs = isPatch ? sizeOf(shape.slice(1)) : shape[0]!;
  const writes = /\.(attention\.output|mlp\.down)\./.test(path) ? Math.sqrt(2 * layers) : 1;
  return 1 / Math.sqrt(inputs) / writes;
}
