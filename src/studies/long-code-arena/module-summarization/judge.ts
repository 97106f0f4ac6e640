/** Who compares two documents: an open model by its logits, or an API by the log-probabilities that it tells. */
import { type TokenLogProb, UsageError } from "#base";
import { resolveSubject } from "#evals";
import { type Preference, preferenceOf } from "#evals/metrics";
import type { LanguageModel } from "#models";
import type { Settings } from "../settings.ts";
import { type Window, windowOf } from "../window.ts";

/** A judge that is ready to be asked. */
export interface Judge {
  readonly name: string;
  readonly window: Window;
  /** How it weighs A against B as the next word. */
  prefer(question: string, signal: AbortSignal): Promise<Preference>;
  close(): void;
}

/** Whether a judge is one of the lab's miniatures, which have learned to judge nothing. */
export const isMiniatureJudge = (name: string): boolean => name.startsWith("mini:");

/** Whether a judge's weights are at hand. */
const isOpen = (name: string): boolean => /^(mini:|hf:|\.{0,2}\/|~|[A-Za-z]:)/.test(name);

/** Opens a judge by a subject's name. @throws AssayError as loadModel(), UsageError as resolveSubject() */
export async function openJudge(settings: Settings): Promise<Judge> {
  const name = settings.judge;
  const wide = { ...settings, contextTokens: Number.MAX_SAFE_INTEGER };
  const window = await windowOf({ name, kind: isOpen(name) ? "open" : "api" }, wide);
  return isOpen(name) ? openWeights(name, window) : overApi(name, window);
}

async function openWeights(name: string, window: Window): Promise<Judge> {
  const { loadModel, score } = await import("#models");
  const model = await loadModel(name);
  const [a, b] = ["A", "B"].map((option) => firstToken(model, option)) as [number, number];
  return {
    ...{ name, window },
    // The softmax over two logits is that over their two log-probabilities.
    prefer: async (question) => {
      const promptIds = model.requireTokenizer().encode(question);
      const scored = await score(
        model,
        [a, b].map((id) => ({ promptIds, continuationIds: [id] })),
      );
      return { a: scored[0]!.logProb, b: scored[1]!.logProb };
    },
    close: () => model.close(),
  };
}

const firstToken = (model: LanguageModel, option: string): number =>
  model.requireTokenizer().encode(option, { special: false })[0]!;

const system = "You are a code quality assesing engine.";

/** The likeliest first tokens that the authors look at. */
const alternatives = 20;

async function overApi(name: string, window: Window): Promise<Judge> {
  const subject = await resolveSubject(name);
  return {
    ...{ name, window },
    // Deviation: no logit_bias is sent, since few services take it; an option that is not told gets the authors' floor.
    prefer: async (question, signal) => {
      const sampling = { maxTokens: 1, temperature: 0.3, logProbs: true, alternatives } as const;
      const answer = await subject.ask({ system, parts: [{ type: "text", text: question }], sampling }, { signal });
      return preferenceOf(toldBy(name, answer.logProbs));
    },
    close: () => undefined,
  };
}

function toldBy(
  name: string,
  logProbs: readonly TokenLogProb[] | undefined,
): Pick<TokenLogProb, "token" | "logProb">[] {
  const [first] = logProbs ?? [];
  if (first === undefined) {
    throw new UsageError(
      "JUDGE_SILENT",
      `${name}: Expected log-probabilities of a judge, got none; name another judge`,
    );
  }
  return [first, ...(first.alternatives ?? [])].map(({ token, logProb }) => ({ token: token.trim(), logProb }));
}
