/** One fact in several languages, rewritten by one solution. */
import { AssayError } from "#base";
import type { LanguageModel } from "#models";
import type { Edited } from "./certify.ts";
import { type MemitOptions, memit } from "./memit.ts";
import type { EditRequest } from "./request.ts";

/** How facts are rewritten in several languages at once. */
export interface JointOptions extends Omit<MemitOptions, "method"> {}

/**
 * Rewrites facts in all their languages at once: the keys of every language stand in one system, each with the value
 * that gives the object in its own words, and C is best estimated on text in all of them.
 *
 *     ΔW = (λ C + K Kᵀ)⁻¹ K R,   K = [k of fact 1 in language 1, in language 2, …, of fact 2 …]
 *
 * @throws AssayError LANGUAGE_REPEATED where a fact has a language twice; as memit()
 * @example await jointEdit(model, [[{ language: "en", … }, { language: "de", … }]], { statistics });
 */
export function jointEdit(
  model: LanguageModel,
  facts: readonly (readonly EditRequest[])[],
  options: JointOptions = {},
): Promise<Edited> {
  const requests = facts.flatMap((fact, at) => {
    expectLanguagesOnce(fact, at);
    return fact.map((request) => {
      const { id = String(at), language = "en" } = request;
      return { ...request, id: `${id}/${language}` };
    });
  });
  return memit(model, requests, { ...options, method: "joint" });
}

function expectLanguagesOnce(fact: readonly EditRequest[], at: number): void {
  const seen = new Set<string>();
  for (const { language = "en" } of fact) {
    if (seen.has(language)) {
      const claim = `Expected each language once in fact ${at}, got "${language}" twice`;
      throw new AssayError(
        "LANGUAGE_REPEATED",
        `editing: ${claim}; give wordings of one language as facts of their own`,
      );
    }
    seen.add(language);
  }
}
