import type { Tensor } from "#base";
import { compile, crossEntropy, tensorType, typesOf, type Value } from "#engine";
import type { DecoderWeights, LanguageModel } from "#models";
import type { EncodedExample } from "./examples.ts";
import { logitsAt, nextTokenBatch, nextTokenTypes } from "./next-tokens.ts";

/** What a model says of texts that it does not learn from. */
export type HeldOutMetrics = {
  /** Mean surprise of the tokens that count, in nats. */
  readonly loss: number;
  readonly perplexity: number;
  /** The share of those tokens that were the likeliest. */
  readonly accuracy: number;
};

/** How the weights that are measured come together. */
export interface HeldOutParts<Trained> {
  readonly model: Pick<LanguageModel, "family" | "config">;
  readonly trained: Trained;
  readonly fixed: unknown;
  weightsOf(trained: never, fixed: never): DecoderWeights;
  readonly threads: { readonly threads?: number };
}

/** Measures held-out examples, a row at a time: no number depends on what is measured beside it. */
export function heldOutMeasure<Trained>(
  examples: readonly EncodedExample[],
  { model, trained, fixed, weightsOf, threads }: HeldOutParts<Trained>,
): () => Promise<HeldOutMetrics> {
  const build = (values: { trained: never; fixed: never; batch: Parameters<typeof logitsAt>[2] }) => {
    const logits = logitsAt(model, weightsOf(values.trained, values.fixed), values.batch);
    const { targets } = values.batch;
    const right: Value = logits.argMax().equal(targets).cast("float32").sum();
    return { surprise: crossEntropy(logits, targets, { reduction: "sum" }), right };
  };
  const fixedTypes = fixed === undefined ? tensorType("float32", []) : typesOf(fixed);
  const signature = { trained: typesOf(trained), fixed: fixedTypes, batch: nextTokenTypes };
  const program = compile(build as never, signature as never, threads);
  const given = { trained, fixed: fixed ?? { dtype: "float32", shape: [], data: new Float32Array(1) } };
  return async () => {
    const sums = { surprise: 0, right: 0, tokens: 0 };
    for (const example of examples) {
      const batch = nextTokenBatch([[example]]);
      const found = (await (await program).run({ ...given, batch } as never)) as unknown as Record<string, Tensor>;
      sums.surprise += Number(found.surprise!.data[0]);
      sums.right += Number(found.right!.data[0]);
      sums.tokens += batch.targets.data.length;
    }
    const loss = sums.surprise / sums.tokens;
    return { loss, perplexity: Math.exp(loss), accuracy: sums.right / sums.tokens };
  };
}
