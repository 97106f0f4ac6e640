/** What a model writes by itself: its answer, and how fluent it goes on. */
import { fluency } from "#evals/metrics";
import { generate, type LanguageModel } from "#models";

/** One written answer. */
export interface Written {
  /** Up to the token that ends a text, without white space around it. */
  readonly text: string;
  /** n-gram entropy of all that was written, past the end too, in bits. */
  readonly fluency: number;
}

/** Writes on after prompts, greedily; the text after its end counts for fluency alone. */
export async function writeAnswers(
  model: LanguageModel,
  prompts: readonly string[],
  { maxTokens }: { readonly maxTokens: number },
): Promise<Written[]> {
  const tokenizer = model.requireTokenizer();
  const fitting = prompts.map((prompt) =>
    tokenizer.encode(prompt.normalize("NFC")).slice(-(model.config.contextLength - 1)),
  );
  const written = await generate(model, fitting, { maxTokens, temperature: 0, ignoreEnd: true, logProbs: false });
  return written.map(({ ids }) => {
    const end = ids.findIndex((id) => model.endIds.includes(id));
    const text = tokenizer.decode(end < 0 ? ids : ids.slice(0, end), { skipSpecial: true });
    const words = tokenizer.decode(ids, { skipSpecial: true }).split(/\s+/).filter(Boolean);
    // A text without an end token goes on in a new line; the answer is its first.
    return { text: text.trim().split("\n")[0]!.trim().normalize("NFC"), fluency: fluency(words) };
  });
}
