/** Open weights as a subject: a folder or a model of the hub, run in this process, one question after the other. */
import {
  type Answer,
  AssayError,
  type Question,
  type Sampling,
  type Subject,
  type TokenLogProb,
  UsageError,
} from "#base";
import { type ChatMessage, type ChatTemplate, renderChat } from "#formats";
import {
  findModel,
  type GenerateOptions,
  type Generation,
  generate,
  isDualEncoderType,
  isVisionType,
  type LanguageModel,
  loadModel,
  modelTypeOf,
} from "#models";
import type { Environment } from "../environment.ts";
import { filesHash } from "./files-hash.ts";
import { retrievalSubject } from "./retrieval.ts";

/** Where a model is looked for, and who hears of it. */
export interface OpenModelOptions {
  readonly environment?: Environment;
  readonly onNotice?: (message: string) => void;
}

/** Tokens of an answer when the question sets no limit. */
const defaultMaxTokens = 256;

/**
 * A model whose weights lie in a folder or on the hub. Questions go through its chat template where it has one, and are
 * continued as they stand where it has none. A CLIP becomes a retrieval baseline.
 *
 * @throws AssayError as loadModel(); from `ask` UsageError SUBJECT_MUTE for an image classifier, SUBJECT_BLIND for a question with pictures
 */
export async function openModelSubject(
  name: string,
  place: string,
  { environment, onNotice }: OpenModelOptions = {},
): Promise<Subject> {
  const fetching = environment === undefined ? {} : { environment };
  const folder = await findModel(place, fetching);
  const type = typeOf(folder);
  if (isDualEncoderType(type)) return retrievalSubject(name, folder, onNotice === undefined ? {} : { onNotice });
  if (isVisionType(type)) return classifierSubject(name, folder);
  let model: Promise<LanguageModel> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const load = async (): Promise<LanguageModel> => {
    const loaded = await loadModel(folder);
    for (const warning of loaded.warnings) onNotice?.(warning);
    return loaded;
  };
  return {
    name,
    kind: "open",
    reads: "text",
    identity: { files: filesHash(folder) },
    ask(question, { signal }) {
      // The machine is one: a second question waits, and what the first one threw is its own affair.
      const answer = turn.then(async () => {
        // A load that failed is not kept.
        model ??= load().catch((error: unknown) => {
          model = undefined;
          throw error;
        });
        return answerOf(await model, question, signal);
      });
      turn = answer.catch(() => undefined);
      return answer;
    },
  };
}

/** What lies there; a folder that says nothing is refused when it is asked, and not before. */
function typeOf(folder: string): string {
  try {
    return modelTypeOf(folder);
  } catch {
    return "";
  }
}

/** An image classifier: it can be looked into, and answers no questions. */
const classifierSubject = (name: string, folder: string): Subject => ({
  name,
  kind: "open",
  identity: { files: filesHash(folder) },
  ask: () => Promise.reject(new UsageError("SUBJECT_MUTE", mute(name))),
});

const mute = (name: string): string =>
  `${name}: Expected a model that answers questions, got an image classifier; look into it with assay model explain`;

async function answerOf(model: LanguageModel, question: Question, signal: AbortSignal | undefined): Promise<Answer> {
  const start = performance.now();
  const ids = promptIds(model, question);
  const { logProbs = false } = question.sampling;
  const [generation] = await generate(model, [ids], { ...optionsOf(question.sampling), logProbs, signal });
  const { text, finishReason } = generation!;
  return {
    text: text ?? "",
    finishReason,
    usage: { inputTokens: ids.length, outputTokens: generation!.ids.length },
    latencyMs: performance.now() - start,
    raw: { ids: [...generation!.ids] },
    ...(logProbs ? { logProbs: logProbsOf(model, generation!) } : {}),
  };
}

function promptIds(model: LanguageModel, { parts, system }: Question): number[] {
  const texts = parts.map((part) => {
    if (part.type === "text") return part.text;
    throw new UsageError(
      "SUBJECT_BLIND",
      `${model.name}: Expected a question in words, got a picture; it reads text only`,
    );
  });
  const tokenizer = model.requireTokenizer();
  const text = texts.join("");
  if (model.chatTemplate === undefined) return tokenizer.encode(joined(system, text));
  return tokenizer.encode(writtenChat(model.chatTemplate, text, system), { special: false });
}

const joined = (system: string | undefined, text: string): string =>
  system === undefined ? text : `${system}\n${text}`;

/** A template that knows no system role gets its words at the head of the user's turn. */
function writtenChat({ source, ...tokens }: ChatTemplate, text: string, system: string | undefined): string {
  const render = (messages: readonly ChatMessage[]) =>
    renderChat(source, messages, { addGenerationPrompt: true, ...tokens });
  const user = (content: string): ChatMessage => ({ role: "user", content });
  if (system === undefined) return render([user(text)]);
  try {
    return render([{ role: "system", content: system }, user(text)]);
  } catch (error) {
    if (!(error instanceof AssayError) || error.code !== "CHAT_REFUSED") throw error;
    return render([user(joined(system, text))]);
  }
}

function optionsOf({
  maxTokens = defaultMaxTokens,
  temperature = 0,
  topP = 1,
  seed = 0,
  stop = [],
}: Sampling): GenerateOptions {
  return { maxTokens, temperature, topP, seed, stop };
}

function logProbsOf(model: LanguageModel, { ids, logProbs }: Generation): TokenLogProb[] {
  const { tokenizer } = model;
  return ids.map((id, at) => ({ token: tokenizer?.tokenOf(id) ?? String(id), logProb: logProbs[at]! }));
}
