/** Requests as token ids: where the subject ends, and which tokens the object is made of. */
import { AssayError } from "#base";
import { type Tokenizer, tokenRange } from "#formats";
import type { LanguageModel } from "#models";
import { editLanguages } from "./languages.ts";
import type { PlacedRequest } from "./request.ts";

/** One text that an edit looks at. */
export interface EditedText {
  readonly ids: readonly number[];
  /** The position that is edited: of the subject's last token, or of the prompt's. */
  readonly lookup: number;
  /** The tokens of the object and the positions that predict them; none in the prompt that is to stay. */
  readonly targets: readonly { readonly at: number; readonly id: number }[];
}

/** Which token of a prompt is edited: the subject's last, as published, or the last before the object. */
export type EditToken = "subject" | "prompt";

/** A request's texts. */
export interface EncodedRequest {
  readonly request: PlacedRequest;
  /** The bare prompt with the object, then the same behind each prefix. */
  readonly rewrites: readonly EditedText[];
  /** The prompt on which the model should stay as it is, up to the subject's end: later tokens change nothing there. */
  readonly essence: EditedText;
}

/**
 * Encodes a request bare and behind each prefix. Prompt and object are one text, as a model meets them; the subject's end
 * is found by characters, so that tokens may cross words and begin tokens stand where they like.
 *
 * @throws AssayError TARGET_EMPTY, SUBJECT_UNSEEN, CONTEXT_TOO_LONG
 */
export function encodeRequest(
  model: LanguageModel,
  request: PlacedRequest,
  { prefixes, token = "subject" }: { readonly prefixes: readonly string[]; readonly token?: EditToken },
): EncodedRequest {
  const tokenizer = model.requireTokenizer();
  const { prompt, start, end, continuation } = request;
  const rewrites = ["", ...prefixes].map((prefix) => {
    const offset = prefix.length;
    const text = { prompt: prefix + prompt, start: offset + start, end: offset + end, continuation };
    const found = encodeText(tokenizer, text);
    return fitting(model, request, token === "subject" ? found : { ...found, lookup: found.targets[0]!.at });
  });
  return { request, rewrites, essence: fitting(model, request, essenceOf(tokenizer, request)) };
}

function essenceOf(tokenizer: Tokenizer, { subject, language }: PlacedRequest): EditedText {
  const [before, after] = editLanguages[language].essence.split("{}") as [string, string];
  const start = before.length;
  const text = { prompt: `${before}${subject}${after}`, start, end: start + subject.length, continuation: "" };
  const { ids, lookup } = encodeText(tokenizer, text);
  return { ids: ids.slice(0, lookup + 1), lookup, targets: [] };
}

interface WholeText {
  readonly prompt: string;
  readonly start: number;
  readonly end: number;
  readonly continuation: string;
}

function encodeText(tokenizer: Tokenizer, { prompt, start, end, continuation }: WholeText): EditedText {
  const spans = tokenizer.spans(prompt + continuation);
  const subject = tokenRange(spans, { start, end });
  if (subject === undefined) {
    const claim = `Expected tokens for "${prompt.slice(start, end)}" in "${prompt}", got none`;
    throw new AssayError("SUBJECT_UNSEEN", `editing: ${claim}; the tokenizer does not know its letters`);
  }
  const last = spans.findLastIndex((span) => span.end > span.start);
  const ids = spans.slice(0, last + 1).map(({ id }) => id);
  const lookup = subject.past - 1;
  if (continuation === "") return { ids, lookup, targets: [] };
  const first = spans.findIndex((span) => span.end > prompt.length && span.end > span.start);
  if (first <= lookup) {
    const claim = `Expected the object "${continuation}" to begin after the subject's last token in "${prompt}"`;
    throw new AssayError("TARGET_EMPTY", `editing: ${claim}, got one token for both; put a space between them`);
  }
  const targets = ids.slice(first).map((id, offset) => ({ at: first + offset - 1, id }));
  // The last token is predicted and never read.
  return { ids: ids.slice(0, -1), lookup, targets };
}

function fitting({ name, config }: LanguageModel, { id }: PlacedRequest, text: EditedText): EditedText {
  if (text.ids.length <= config.contextLength) return text;
  const claim = `Expected at most ${config.contextLength} tokens in request ${id}, got ${text.ids.length}`;
  throw new AssayError("CONTEXT_TOO_LONG", `${name}: ${claim}; use shorter prefixes`);
}
