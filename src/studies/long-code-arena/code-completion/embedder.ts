import { UsageError } from "#base";
import type { Embed } from "#evals";
import type { LanguageModel } from "#models";

/** One model at a time, and what it made of each text. */
let current: { readonly name: string; readonly embed: Embed } | undefined;

/** What texts mean to an open model: the mean of its last normalised residual over a text's first tokens. @throws UsageError EMBEDDER_MISSING */
export function embedderOf(name: string): Embed {
  if (name === "") {
    const what = "Expected a model for the context embeddings, got none; name a folder, hf:org/name or mini:code";
    throw new UsageError("EMBEDDER_MISSING", `code-completion: ${what} with --set embedder=`);
  }
  if (current?.name === name) return current.embed;
  const model = import("#models").then(({ loadModel }) => loadModel(name));
  const known = new Map<string, Promise<Float64Array>>();
  const embed: Embed = (text) => {
    const vector = known.get(text) ?? model.then((loaded) => embedded(loaded, text));
    known.set(text, vector);
    return vector;
  };
  current = { name, embed };
  return embed;
}

async function embedded(model: LanguageModel, text: string): Promise<Float64Array> {
  const { trace } = await import("#models");
  const { contextLength } = model.config;
  // No token stands for more characters than a line has: what lies beyond the window need not be cut into tokens.
  const ids = model
    .requireTokenizer()
    .encode(text.slice(0, 80 * contextLength))
    .slice(0, contextLength);
  const { taps } = await trace(model, { ids, taps: ["finalNorm"] });
  const { data, shape } = taps.finalNorm!; // [1, T, C]
  const [, tokens, size] = shape as [number, number, number];
  const mean = new Float64Array(size);
  for (let at = 0; at < tokens * size; at++) mean[at % size]! += Number(data[at]) / tokens;
  return mean;
}
