/** What a model is fine-tuned on, as tokens of which some are to be predicted. */
import { AssayError } from "#base";
import { type ChatMessage, renderChat } from "#formats";
import type { LanguageModel } from "#models";

/** A text to be learned whole, an answer to be learned after its prompt, or a conversation whose answers are learned. */
export type FinetuneExample =
  | { readonly text: string }
  | { readonly prompt: string; readonly completion: string }
  | { readonly messages: readonly ChatMessage[] };

/** An example as tokens. */
export interface EncodedExample {
  readonly ids: readonly number[];
  /** Whether each token is to be predicted; the first has nothing before it. */
  readonly counts: readonly boolean[];
}

/** How examples are cut. */
export interface EncodeExamplesOptions {
  /** The most tokens that an example may have. */
  readonly length: number;
}

/**
 * Examples as tokens. Texts that are too long are cut into several; an answer must fit.
 *
 * @throws AssayError EXAMPLE_INVALID, EXAMPLE_TOO_LONG, TOKENIZER_MISSING, CHAT_TEMPLATE_MISSING, CHAT_REFUSED
 */
export function encodeExamples(
  model: LanguageModel,
  examples: readonly FinetuneExample[],
  { length }: EncodeExamplesOptions,
): EncodedExample[] {
  const encoded = examples.flatMap((example, at) => {
    const whole = encodeExample(model, example, at);
    if (!("text" in example)) return [expectShort(whole, { at, length })];
    return pieces(whole, length);
  });
  if (encoded.length > 0) return encoded;
  throw new AssayError("EXAMPLE_INVALID", "finetune: Expected at least one example of two tokens, got none");
}

/** What comes from a file may be anything, whatever its type says. */
function encodeExample(model: LanguageModel, example: FinetuneExample, at: number): EncodedExample {
  if ("messages" in example && Array.isArray(example.messages))
    return encodeSpans(model, chatSpans(model, example.messages, at), { special: false });
  const isText = "text" in example && typeof example.text === "string";
  const isAnswer = "prompt" in example && typeof example.prompt === "string" && typeof example.completion === "string";
  if (isText) return encodeSpans(model, { text: example.text, counted: [[0, example.text.length + 1]] });
  if (!isAnswer) {
    const expected = 'Expected {"text"}, {"prompt", "completion"} or {"messages"}';
    throw new AssayError("EXAMPLE_INVALID", `finetune: ${expected} in example ${at + 1}, got ${keysOf(example)}`);
  }
  const text = example.prompt + example.completion;
  return encodeSpans(model, { text, counted: [[example.prompt.length, text.length + 1]] });
}

const keysOf = (example: object): string => Object.keys(example).join(", ") || "nothing";

/** A text, and the characters whose tokens are to be predicted; one past the end stands for the token that ends it. */
interface CountedText {
  readonly text: string;
  readonly counted: readonly (readonly [from: number, to: number])[];
}

function encodeSpans(model: LanguageModel, { text, counted }: CountedText, options = {}): EncodedExample {
  const spans = model.requireTokenizer().spans(text, options);
  const isCounted = (start: number, end: number) => counted.some(([from, to]) => end > from && start < to);
  const tokens = spans.map(({ id, start, end }) => ({ id, counts: end > start && isCounted(start, end) }));
  const end = model.endIds[0];
  if (isCounted(text.length, text.length + 1) && end !== undefined && tokens.at(-1)?.id !== end) {
    tokens.push({ id: end, counts: true });
  }
  return { ids: tokens.map(({ id }) => id), counts: tokens.map(({ counts }, place) => counts && place > 0) };
}

/** Every turn of the assistant, from where the template hands over to it. @throws AssayError CHAT_TEMPLATE_MISSING, EXAMPLE_INVALID */
function chatSpans({ name, chatTemplate }: LanguageModel, messages: readonly ChatMessage[], at: number): CountedText {
  if (chatTemplate === undefined) {
    const wayOut = "give prompts and completions";
    throw new AssayError("CHAT_TEMPLATE_MISSING", `${name}: Expected a chat template, found none; ${wayOut}`);
  }
  const { source, ...tokens } = chatTemplate;
  const text = renderChat(source, messages, tokens);
  const turns = messages.flatMap(({ role }, turn) => (role === "assistant" ? [turn] : []));
  const counted = turns.map((turn): readonly [number, number] => {
    const before = renderChat(source, messages.slice(0, turn), { addGenerationPrompt: true, ...tokens });
    const through = renderChat(source, messages.slice(0, turn + 1), tokens);
    if (text.startsWith(before) && text.startsWith(through)) return [before.length, through.length];
    const got = "a template that writes earlier turns otherwise once later ones follow";
    throw new AssayError("EXAMPLE_INVALID", `finetune: Expected turns that stay as they are, got ${got}`);
  });
  if (counted.length > 0) return { text, counted };
  throw new AssayError("EXAMPLE_INVALID", `finetune: Expected a turn of the assistant in example ${at + 1}, got none`);
}

function expectShort(example: EncodedExample, { at, length }: { readonly at: number; readonly length: number }) {
  const tokens = example.ids.length;
  if (tokens <= length && example.counts.includes(true)) return example;
  const got = tokens > length ? `${tokens}` : "none to predict";
  const claim = `Expected at most ${length} tokens in example ${at + 1}, some to predict, got ${got}`;
  throw new AssayError("EXAMPLE_TOO_LONG", `finetune: ${claim}; shorten it, or raise the length`);
}

/** A long text in pieces that share one token, so that every token but the first is predicted once. */
function pieces({ ids, counts }: EncodedExample, length: number): EncodedExample[] {
  const cut: EncodedExample[] = [];
  for (let from = 0; from < ids.length - 1; from += length - 1) {
    const own = counts.slice(from, from + length);
    cut.push({ ids: ids.slice(from, from + length), counts: own.map((count, at) => count && at > 0) });
  }
  return cut;
}
