/** The GPT of bench/models/gpt.ts in jax-js (Wasm). Its embedding is a one-hot product: it has no gradient for a lookup. */
import { blockUntilReady, tree as jaxTree, jit, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import type { Tensor } from "#base";
import type { GptSize, GptWeights } from "../models/gpt.ts";

type Jax = ReturnType<typeof np.array>;
type Tree = Jax | readonly Tree[] | { readonly [name: string]: Tree };

const toJax = ({ shape, data }: Tensor): Jax => np.array(data as Float32Array<ArrayBuffer>, { shape: [...shape] });

function mapped(tree: unknown): Tree {
  if (typeof tree === "object" && tree !== null && "dtype" in tree) return toJax(tree as Tensor);
  if (Array.isArray(tree)) return tree.map(mapped);
  return Object.fromEntries(Object.entries(tree as object).map(([key, child]) => [key, mapped(child)]));
}

interface Norm {
  readonly scale: Jax;
  readonly bias: Jax;
}

interface Linear {
  readonly weight: Jax;
  readonly bias: Jax;
}

const affine = (x: Jax, { weight, bias }: Linear): Jax => np.matmul(x, weight).add(bias);

function layerNorm(x: Jax, { scale, bias }: Norm): Jax {
  return nn
    .standardize(x, -1, { epsilon: 1e-5 } as never)
    .mul(scale)
    .add(bias);
}

interface Block {
  readonly attentionNorm: Norm;
  readonly qkv: Linear;
  readonly output: Linear;
  readonly mlpNorm: Norm;
  readonly up: Linear;
  readonly down: Linear;
}

function attention(x: Jax, weights: Block, [batch, tokens, width]: readonly [number, number, number]): Jax {
  const heads = width / 64;
  const parts = np.split(affine(x, weights.qkv), 3, -1).map((part) => part.reshape([batch, tokens, heads, 64]));
  const mixed = nn.dotProductAttention(parts[0]!, parts[1]!, parts[2]!, { isCausal: true } as never);
  return affine(mixed.reshape([batch, tokens, width]), weights.output);
}

/** A function that computes loss and all gradients once, and returns the loss. */
export function jaxGpt(
  size: GptSize & { readonly batch: number },
  weights: GptWeights,
  batch: { readonly inputIds: Tensor; readonly targets: Tensor },
) {
  const { batch: rows, tokens, width, vocabulary } = size;
  const oneHot = (ids: Tensor): Jax =>
    nn.oneHot(
      np.array(Int32Array.from(Array.from(ids.data, Number)), { shape: [rows, tokens], dtype: "int32" as never }),
      vocabulary,
    );
  const loss = (tree: never, ids: Jax, targets: Jax): Jax => {
    const { token, position, blocks, finalNorm } = tree as {
      token: Jax;
      position: Jax;
      blocks: Block[];
      finalNorm: Norm;
    };
    let x = np.matmul(ids, token.ref).add(position);
    for (const block of blocks) {
      x = x.ref.add(attention(layerNorm(x, block.attentionNorm), block, [rows, tokens, width]));
      x = x.ref.add(affine(nn.gelu(affine(layerNorm(x, block.mlpNorm), block.up), { approximate: true }), block.down));
    }
    const logits = np.matmul(layerNorm(x, finalNorm), np.transpose(token));
    return np.mean(np.sum(nn.logSoftmax(logits, -1).mul(targets), -1)).neg();
  };
  const step = jit(valueAndGrad(loss as never) as never) as unknown as (...given: unknown[]) => Promise<unknown>;
  const given = [mapped(weights), oneHot(batch.inputIds), oneHot(batch.targets)] as const;
  return async (): Promise<number> => {
    const [value, gradients] = (await step(...given.map(kept))) as [Jax, never];
    await blockUntilReady(gradients);
    const [found] = await value.data();
    jaxTree.dispose(gradients);
    return found!;
  };
}

/** jax-js frees what a call was given: hand out another reference each time. */
function kept(tree: Tree): Tree {
  if (Array.isArray(tree)) return tree.map(kept);
  if ("ref" in (tree as object)) return (tree as Jax).ref;
  return Object.fromEntries(Object.entries(tree as object).map(([key, child]) => [key, kept(child as Tree)]));
}
