/** Forgetting by editing: MEMIT towards an empty answer, or towards uncertainty. */
import { AssayError } from "#base";
import type { LanguageModel } from "#models";
import type { Edited } from "../editing/certify.ts";
import { type MemitOptions, memit } from "../editing/memit.ts";
import type { EditRequest } from "../editing/request.ts";
import { screenRequests } from "../editing/screen.ts";

/** What is put in the place of an answer. */
export const memitTargets = {
  empty: 'the word "dummy", as the authors have it',
  entropy: "no word in particular: the next token becomes as uncertain as can be",
} as const;

/** The name of what is put in the place of an answer. */
export type MemitTarget = keyof typeof memitTargets;

/** A fact that is to be forgotten. */
export interface ForgottenFact {
  readonly subject: string;
  /** With the subject in it, or `{}`. */
  readonly prompt: string;
  /** What the model says now. */
  readonly answer: string;
}

/** How facts are forgotten. */
export interface MemitForgetOptions extends Omit<MemitOptions, "objective" | "method" | "layers" | "unfit" | "effect"> {
  readonly target: MemitTarget;
  /** ℓ: the layers ℓ − 3 to ℓ are edited. */
  readonly layer: number;
}

/** Layers below the one that is named, that are edited with it. */
const layersBelow = 3;

/** The numbers of the authors' runs, which never stop early. */
const numbers = { learningRate: 0.5, steps: 25, decay: 0.001, clamp: 4, divergenceWeight: 0.0625, enough: 0 } as const;

/**
 * Edits facts away, so that the model says nothing of use. Facts whose prompt has no subject are left out and counted in
 * the certificate; that nothing moved is a result of a baseline, and stands there as a warning.
 *
 *     empty     L = −log P("dummy" | p)
 *     entropy   L = −H(P(· | p))
 *
 * Deviation: the authors' entropy is that of a softmax of probabilities over the last layers' logit lenses, nearly the
 * same whatever the weights; here it is the entropy of the model's own next token.
 *
 * Source   Patil et al. 2024 (arXiv:2309.17410), §4.2, as the MEMIT baselines of Hong et al. 2024, ConceptVectors
 *
 * @throws AssayError FACTS_UNEDITABLE where no fact is left; as memit()
 */
export function memitForget(
  model: LanguageModel,
  facts: readonly ForgottenFact[],
  { target, layer, ...options }: MemitForgetOptions,
): Promise<Edited> {
  const requests = facts.map(({ subject, prompt, answer }, at): EditRequest => {
    return { id: String(at), subject, prompt, target: target === "empty" ? "dummy" : answer };
  });
  expectSomeEditable(requests);
  const first = Math.max(0, layer - layersBelow);
  const layers = Array.from({ length: layer - first + 1 }, (_, at) => first + at);
  return memit(model, requests, {
    ...numbers,
    ...options,
    layers,
    unfit: "leave out",
    effect: "report",
    method: `memit-${target}`,
    ...(target === "entropy" ? { objective: "entropy", enough: Number.MIN_SAFE_INTEGER } : {}),
  });
}

function expectSomeEditable(requests: readonly EditRequest[]): void {
  const { placed, counts } = screenRequests(requests);
  if (placed.length > 0) return;
  const reasons = Object.entries(counts).map(([reason, count]) => `${reason}: ${count}`);
  const got = reasons.length === 0 ? "got none" : `got ${reasons.join(", ")}`;
  throw new AssayError("FACTS_UNEDITABLE", `unlearning: Expected a fact whose prompt has its subject, ${got}`);
}
