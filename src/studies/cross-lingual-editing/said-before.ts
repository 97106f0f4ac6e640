/** What the unedited model tells of an edit's reach: similar keys, and candidates ranked alike. */
import { tensor } from "#base";
import { tokenRange } from "#formats";
import { locateSubject } from "#methods/editing";
import { blockTap, type LanguageModel, trace } from "#models";
import type { Workshop } from "./edit.ts";
import { filled, type Language, type StudyFact } from "./fact.ts";
import type { Prediction, Ranking } from "./predictor.ts";
import { readObjects } from "./reader.ts";

/** Facts that a seed drew. */
export interface Drawn {
  readonly facts: readonly StudyFact[];
  readonly languages: readonly Language[];
  readonly seed: number;
}

/** The layer whose keys are compared: where ROME writes. */
export const predictedLayer = ({ settings: { layer }, model }: Workshop): number =>
  layer >= 0 ? layer : Math.max(0, Math.round(model.config.layers / 3) - 1);

/**
 * How far an edit of each fact in each language will reach into each other, before it is made.
 *
 *     u_a = C⁻¹ k_a      similarity(a, b) = (k_b · u_a) / (k_a · u_a)      k the key at the token that is edited
 */
export async function predict(workshop: Workshop, { facts, languages, seed }: Drawn): Promise<Prediction[]> {
  const layer = predictedLayer(workshop);
  const statistics = await workshop.statistics(layer);
  const predictions: Prediction[] = [];
  for (const fact of facts) {
    const keys = await keysOf(workshop.model, { fact, languages, layer, token: workshop.settings.token });
    for (const [edit, key] of keys) {
      const { data: direction } = await statistics.solve(tensor([key.length, 1], Float64Array.from(key), "float64"));
      const own = dot(key, direction);
      for (const [test, other] of keys)
        predictions.push({ seed, fact: fact.id, edit, test, similarity: dot(other, direction) / own });
    }
  }
  return predictions;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

interface KeyRequest {
  readonly fact: StudyFact;
  readonly languages: readonly Language[];
  readonly layer: number;
  readonly token: "subject" | "prompt";
}

/** The key at the token that would be edited, in every language in which the subject has a place. */
async function keysOf(
  model: LanguageModel,
  { fact, languages, layer, token }: KeyRequest,
): Promise<Map<Language, Float32Array>> {
  const tap = blockTap(layer, "mlp.coefficients");
  const keys = new Map<Language, Float32Array>();
  for (const language of languages) {
    const said = fact.said[language];
    const place = said && locateSubject(said, { inflected: true });
    if (place === undefined || !("start" in place)) continue;
    const spans = model.requireTokenizer().spans(place.text);
    const range = tokenRange(spans, place);
    const past = token === "subject" ? range?.past : spans.findLastIndex(({ start, end }) => end > start) + 1;
    if (range === undefined || past === undefined || past > model.config.contextLength) continue;
    const { taps } = await trace(model, { ids: spans.slice(0, past).map(({ id }) => id), taps: [tap] });
    const { data } = taps[tap]!;
    keys.set(language, (data as Float32Array).slice(-model.config.intermediateSize));
  }
  return keys;
}

/** Ranks each fact's candidates in every language, by the mean log-probability of their tokens. */
export async function rankCandidates(model: LanguageModel, { facts, languages, seed }: Drawn): Promise<Ranking[]> {
  const questions = facts.flatMap((fact) =>
    languages.flatMap((language) => (fact.said[language] ? [{ fact, language, said: fact.said[language] }] : [])),
  );
  const asked = questions.flatMap(({ said }) =>
    said.candidates.map((object) => ({ prompt: filled(said.prompt, said.subject), object })),
  );
  const scores = await readObjects(model, asked);
  let next = 0;
  const ranked = questions.map(({ fact, language, said }) => {
    const own = said.candidates.map((_, place) => ({ place, logProb: scores[next++]!.logProb }));
    return {
      fact,
      language,
      order: own.sort((a, b) => b.logProb - a.logProb || a.place - b.place).map(({ place }) => place),
    };
  });
  return facts.map((fact) => {
    const own = ranked.filter((one) => one.fact === fact);
    return { seed, fact: fact.id, byLanguage: Object.fromEntries(own.map(({ language, order }) => [language, order])) };
  });
}
