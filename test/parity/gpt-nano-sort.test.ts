/**
 * The GPT that sorts, of llm-viz: every intermediate of a forward pass in PyTorch.
 *
 * Axes     B batch · T tokens · C channels · H heads · D = C / H
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Tensor, tensor } from "#base";
import {
  affine,
  attentionWithPattern,
  compile,
  embed,
  gelu,
  layerNorm,
  range,
  split,
  tensorType,
  type Value,
} from "#engine";
import { readTensors, relativeMiss, sharedFolder } from "./shared.ts";

const { path, isMissing } = sharedFolder("gpt-nano-sort");

type Weights = Readonly<Record<string, Value>>;
type Seen = Record<string, Value>;

const heads = 3;
const linear = (weights: Weights, name: string) => ({
  weight: weights[`${name}.weight`]!,
  bias: weights[`${name}.bias`]!,
});
const norm = (weights: Weights, name: string) => ({
  scale: weights[`${name}.weight`]!,
  bias: weights[`${name}.bias`]!,
});

/** Logits [B, T, V]; `seen` collects what the reference shows, of the first block where all blocks have it. */
function gpt(ids: Value, weights: Weights, seen: Seen): Value {
  const tokens = embed(ids, weights["transformer.wte.weight"]!);
  const positions = embed(range(11), weights["transformer.wpe.weight"]!);
  let residual = tokens.add(positions);
  Object.assign(seen, { tok_emb: tokens, pos_emb: positions.expandDims(0), x: residual });
  for (const layer of [0, 1, 2]) {
    residual = block(residual, { weights, name: `transformer.h.${layer}`, seen: layer === 0 ? seen : {} });
    seen[`block${layer}`] = residual;
  }
  const final = layerNorm(residual, norm(weights, "transformer.ln_f"));
  const logits = final.matmul(weights["lm_head.weight"]!.swapAxes(0, 1));
  Object.assign(seen, { ln_f: final, lm_head: logits });
  return logits;
}

function block(x: Value, { weights, name, seen }: { weights: Weights; name: string; seen: Seen }): Value {
  const ln1 = layerNorm(x, norm(weights, `${name}.ln_1`));
  const qkv = affine(ln1, linear(weights, `${name}.attn.c_attn`));
  const [q, k, v] = split(qkv, { axis: -1, lengths: [48, 48, 48] }).map((part) =>
    part.reshape(["B", 11, heads, 16]).swapAxes(1, 2),
  );
  const { output, pattern } = attentionWithPattern({ query: q!, key: k!, value: v! }, { causal: true });
  const y = output.swapAxes(1, 2).reshape(["B", 11, 48]);
  const yProj = affine(y, linear(weights, `${name}.attn.c_proj`));
  const attnResid = x.add(yProj);
  const ln2 = layerNorm(attnResid, norm(weights, `${name}.ln_2`));
  const fc = affine(ln2, linear(weights, `${name}.mlp.c_fc`));
  const activated = gelu(fc, { approximate: "tanh" });
  const mlp = affine(activated, linear(weights, `${name}.mlp.c_proj`));
  const mlpResid = attnResid.add(mlp);
  Object.assign(seen, {
    ln1,
    qkv,
    q,
    k,
    v,
    attSm: pattern,
    y,
    yProj,
    attnResid,
    ln2,
    fc,
    gelu: activated,
    mlp,
    mlpResid,
  });
  return mlpResid;
}

interface Partial {
  readonly shape: number[];
  readonly data: string;
}

const decode = ({ data }: Partial): Float32Array =>
  new Float32Array(new Uint8Array(Buffer.from(data, "base64")).buffer);

describe.skipIf(isMissing)("the sorting GPT in ASSAY_SHARED", () => {
  test("agrees with PyTorch at every intermediate", async () => {
    const partials = JSON.parse(readFileSync(join(path, "gpt-nano-sort-t0-partials.json"), "utf8"));
    const weights = readTensors(path);
    const types = Object.fromEntries(
      Object.entries(weights).map(([name, { dtype, shape }]) => [name.replaceAll(".", "/"), tensorType(dtype, shape)]),
    );
    const program = await compile(
      ({ ids, weights }: { ids: Value; weights: Weights }) => {
        const seen: Seen = {};
        gpt(
          ids,
          Object.fromEntries(Object.entries(weights).map(([name, value]) => [name.replaceAll("/", "."), value])),
          seen,
        );
        return seen;
      },
      { ids: tensorType("int64", ["B", 11]), weights: types } as never,
    );
    const ids = tensor([3, 11], decode(partials.idx), "int64");
    const named = Object.fromEntries(
      Object.entries(weights).map(([name, value]) => [name.replaceAll(".", "/"), value]),
    );

    const seen = (await program.run({ ids, weights: named } as never)) as unknown as Record<string, Tensor<"float32">>;

    const misses = Object.entries(seen).map(
      ([name, { data }]) => [name, relativeMiss(data, decode(partials[name]))] as const,
    );
    expect(misses.filter(([, miss]) => miss > 1e-5)).toEqual([]);
    expect(misses.length).toBe(22);
  });
});
