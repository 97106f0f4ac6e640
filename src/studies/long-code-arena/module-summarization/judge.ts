/** Who compares two documents: an open model by its logits, or an API by the log-probabilities that it tells. */
import { type Answer, AssayError, type Question, type Subject, sum, UsageError } from "#base";
import { askAll, resolveSubject, Scheduler } from "#evals";
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
    name,
    window,
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
  const scheduler = new Scheduler();
  return {
    name,
    window,
    // Deviation: no logit_bias is sent, since few services take it; an option that is not told gets the authors' floor.
    prefer: async (question, signal) => {
      const sampling = { maxTokens: 1, temperature: 0.3, logProbs: true, alternatives } as const;
      const asked = { system, parts: [{ type: "text", text: question }], sampling } as const;
      return fromLogProbs(name, await askPatiently(subject, asked, { scheduler, signal }));
    },
    close: () => undefined,
  };
}

interface AskingJudge {
  readonly scheduler: Scheduler;
  readonly signal: AbortSignal;
}

/** Asks until there is an answer: a service that is busy for a moment ends no run. */
async function askPatiently(subject: Subject, question: Question, { scheduler, signal }: AskingJudge): Promise<Answer> {
  const found: Answer[] = [];
  const keep = { has: () => false, commit: ({ answer }: { readonly answer: Answer }) => void found.push(answer) };
  const samples = [{ id: "judgement", group: "judge", repeat: 0, question, truth: null }];
  const { stopped } = await askAll({ subject, samples, score: () => ({}), answers: keep, scheduler, signal });
  signal.throwIfAborted();
  const [answer] = found;
  const why = stopped?.message ?? answer?.error?.message;
  if (answer !== undefined && why === undefined) return answer;
  const expected = `Expected a judgement, got ${why ?? "no answer"}`;
  throw new AssayError("JUDGE_FAILED", `${subject.name}: ${expected}; resume the run, which keeps all others`);
}

/** What an answer's likeliest first tokens say of both options. @throws UsageError JUDGE_SILENT where none are told */
export function fromLogProbs(name: string, { logProbs }: Pick<Answer, "logProbs">): Preference {
  const [first] = logProbs ?? [];
  if (first === undefined) {
    throw new UsageError(
      "JUDGE_SILENT",
      `${name}: Expected log-probabilities of a judge, got none; name another judge`,
    );
  }
  const tokens = new Map([first, ...(first.alternatives ?? [])].map(({ token, logProb }) => [token, logProb]));
  // `A` and ` A` are one answer, as likely as both together.
  const options = Map.groupBy(tokens, ([token]) => token.trim());
  return preferenceOf(
    [...options].map(([token, forms]) => ({ token, logProb: sumOf(forms.map(([, logProb]) => logProb)) })),
  );
}

/** The logarithm of a sum of probabilities; one alone keeps its bits. */
const sumOf = (logProbs: readonly number[]): number =>
  logProbs.length === 1 ? logProbs[0]! : Math.log(sum(logProbs.map(Math.exp)));
