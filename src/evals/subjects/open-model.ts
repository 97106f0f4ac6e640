/** Open weights as a subject: a folder or a model of the hub, run in this process, one question after the other. */
import { join } from "node:path";
import { type Answer, hashOf, type Question, type Sampling, type Subject, type TokenLogProb, UsageError } from "#base";
import { hashFile, listFolder, renderChat } from "#formats";
import { findModel, type GenerateOptions, type Generation, generate, type LanguageModel, loadModel } from "#models";
import type { Environment } from "../environment.ts";

/** Where a model is looked for, and who hears of it. */
export interface OpenModelOptions {
  readonly environment?: Environment;
  readonly onNotice?: (message: string) => void;
}

/** Tokens of an answer when the question sets no limit. */
const defaultMaxTokens = 256;

/**
 * A model whose weights lie in a folder or on the hub. Questions go through its chat template where it has one, and are
 * continued as they stand where it has none.
 *
 * @throws AssayError as loadModel(); UsageError SUBJECT_BLIND from `ask` for a question with pictures
 */
export async function openModelSubject(
  name: string,
  place: string,
  { environment, onNotice }: OpenModelOptions = {},
): Promise<Subject> {
  const fetching = environment === undefined ? {} : { environment };
  const folder = await findModel(place, fetching);
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

/** Everything that decides the answers: weights, settings and tokenizer by content, wherever the folder lies. */
function filesHash(folder: string): string {
  const files = listFolder(folder, { followLinks: true }).filter(({ name }) =>
    /\.(json|safetensors|bin|model|txt|jinja)$/.test(name),
  );
  return hashOf(files.map(({ name }) => [name, hashFile(join(folder, name))]));
}

async function answerOf(model: LanguageModel, question: Question, signal: AbortSignal | undefined): Promise<Answer> {
  const start = performance.now();
  const ids = promptIds(model, question);
  const [generation] = await generate(model, [ids], { ...optionsOf(question.sampling), signal });
  const { text, finishReason } = generation!;
  return {
    text: text ?? "",
    finishReason,
    usage: { inputTokens: ids.length, outputTokens: generation!.ids.length },
    latencyMs: performance.now() - start,
    raw: { ids: [...generation!.ids] },
    ...(question.sampling.logProbs ? { logProbs: logProbsOf(model, generation!) } : {}),
  };
}

function promptIds(model: LanguageModel, { parts }: Question): number[] {
  const texts = parts.map((part) => {
    if (part.type === "text") return part.text;
    throw new UsageError(
      "SUBJECT_BLIND",
      `${model.name}: Expected a question in words, got a picture; it reads text only`,
    );
  });
  const tokenizer = model.requireTokenizer();
  const text = texts.join("");
  if (model.chatTemplate === undefined) return tokenizer.encode(text);
  const { source, ...tokens } = model.chatTemplate;
  const written = renderChat(source, [{ role: "user", content: text }], { addGenerationPrompt: true, ...tokens });
  return tokenizer.encode(written, { special: false });
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
