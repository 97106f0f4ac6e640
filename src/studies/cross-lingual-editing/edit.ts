/** Rewriting facts with each editor, and saying why where that is not possible. */
import { AssayError } from "#base";
import {
  type Edited,
  type EditRequest,
  estimateMoment,
  fineTuneLayer,
  identityStatistics,
  type KeyStatistics,
  keyStatistics,
  memit,
  rome,
  screenRequests,
} from "#methods/editing";
import type { LanguageModel } from "#models";
import type { Facts, Language, StudyFact } from "./fact.ts";
import type { EditorName, Settings } from "./settings.ts";

/** What is edited: facts, each in some languages, together. */
export interface EditOrder {
  readonly editor: EditorName;
  readonly facts: readonly StudyFact[];
  readonly languages: readonly Language[];
  readonly seed: number;
}

/** What is at hand for all edits of one model. */
export interface Workshop {
  readonly model: LanguageModel;
  readonly settings: Settings;
  statistics(layer: number): Promise<KeyStatistics>;
}

/** What C is estimated from, for each choice. */
const languagesOf = { mixed: (all: readonly Language[]) => all, english: () => ["en"] as const } as const;

/** Estimates C once a layer, when it is first asked for. */
export function openWorkshop(
  model: LanguageModel,
  { facts, settings }: { readonly facts: Facts; readonly settings: Settings },
): Workshop {
  const known = new Map<number, Promise<KeyStatistics>>();
  const estimate = async (layer: number): Promise<KeyStatistics> => {
    const { covariance } = settings;
    if (covariance === "identity") return identityStatistics(model.config.intermediateSize);
    const languages = languagesOf[covariance](facts.languages);
    const texts = languages.flatMap((language) => facts.texts(language));
    const corpus = `${settings.source}, ${languages.join(" ")}`;
    return keyStatistics(await estimateMoment(model, { texts, layer, corpus }), { epsilon: settings.ridge });
  };
  const statistics = (layer: number) => known.get(layer) ?? known.set(layer, estimate(layer)).get(layer)!;
  return { model, settings, statistics };
}

/** A request for each fact and language. */
export function requestsOf({ facts, languages }: Pick<EditOrder, "facts" | "languages">): EditRequest[] {
  return facts.flatMap((fact) =>
    languages.flatMap((language) => {
      const said = fact.said[language];
      if (said === undefined) return [];
      const { subject, prompt, newObject: target, oldObject: old } = said;
      return [{ id: `${fact.id} in ${language}`, subject, prompt, target, old, language }];
    }),
  );
}

/** An edit that was made, and the requests that were left out of it; or no edit and the reason. */
export interface EditResult {
  readonly edited: Edited | undefined;
  /** Why nothing was edited; empty otherwise. */
  readonly reason: string;
  readonly leftOut: readonly LeftOutRequest[];
}

/** A request that an editor could not take. */
export interface LeftOutRequest {
  readonly id: string;
  readonly reason: string;
}

/** Errors that say something of one edit, and not of the run. */
const ofTheEdit: Readonly<Record<string, string>> = {
  EDIT_DISABLING: "the edit would wreck the model (k · u is tiny)",
  EDIT_WITHOUT_EFFECT: "the edit had no effect",
  LOSS_NOT_FINITE: "the optimisation left the numbers",
  CONTEXT_TOO_LONG: "the prompt is longer than the context",
  SUBJECT_UNSEEN: "the tokenizer does not know the subject's letters",
  TARGET_EMPTY: "the object begins inside the subject's last token",
};

/** Makes one edit; what concerns the edit alone is a reason, everything else an error. */
export async function edit(workshop: Workshop, order: EditOrder): Promise<EditResult> {
  const { placed, excluded } = screenRequests(requestsOf(order), { inflected: workshop.settings.inflected });
  const leftOut = excluded.map(({ id, reason }) => ({ id, reason }));
  const ids = new Set(placed.map(({ id }) => id));
  const requests = requestsOf(order).filter(({ id }) => ids.has(id!));
  if (requests.length === 0)
    return { edited: undefined, reason: leftOut[0]?.reason ?? "not said in this language", leftOut };
  try {
    return { edited: await editors[order.editor](workshop, requests, order), reason: "", leftOut };
  } catch (error) {
    const reason = error instanceof AssayError ? ofTheEdit[error.code] : undefined;
    if (reason === undefined) throw error;
    return { edited: undefined, reason, leftOut };
  }
}

type Editor = (workshop: Workshop, requests: readonly EditRequest[], order: EditOrder) => Promise<Edited>;

/** Joint edits are MEMIT's system on one fact in several languages. */
const editors: Readonly<Record<EditorName, Editor>> = {
  rome: (workshop, requests, order) => byRome("rome", workshop, { requests, order }),
  "r-rome": (workshop, requests, order) => byRome("r-rome", workshop, { requests, order }),
  memit: (workshop, requests, order) => byMemit(workshop, requests, order),
  joint: (workshop, requests, order) => byMemit(workshop, requests, order),
  "joint-others": (workshop, requests, order) => byMemit(workshop, requests, order),
  "ft-l": async ({ model, settings }, requests) =>
    fineTuneLayer(model, requests, {
      ...layerOf(settings),
      box: settings.box,
      learningRate: settings.boxRate,
      inflected: settings.inflected,
    }),
};

interface Ordered {
  readonly requests: readonly EditRequest[];
  readonly order: EditOrder;
}

async function byRome(
  variant: "rome" | "r-rome",
  { model, settings, statistics }: Workshop,
  { requests, order }: Ordered,
): Promise<Edited> {
  const own = settings.layer < 0 ? undefined : await statistics(settings.layer);
  const shared = { ...targetOf(settings), ...layerOf(settings), seed: order.seed, inflected: settings.inflected };
  return rome(model, requests[0]!, { variant, ...shared, ...(own === undefined ? {} : { statistics: own }) });
}

function byMemit(
  { model, settings, statistics }: Workshop,
  requests: readonly EditRequest[],
  { editor, seed }: EditOrder,
): Promise<Edited> {
  const layers = settings.memitLayers.length === 0 ? {} : { layers: settings.memitLayers };
  const { covarianceWeight, inflected } = settings;
  return memit(model, requests, {
    ...targetOf(settings),
    ...layers,
    covarianceWeight,
    inflected,
    seed,
    statistics,
    method: editor,
  });
}

const layerOf = ({ layer }: Settings) => (layer < 0 ? {} : { layer });

function targetOf({
  learningRate,
  steps,
  decay,
  divergence: divergenceWeight,
  clamp,
  prefixes: count,
  prefixTokens: tokens,
  token,
}: Settings) {
  return {
    learningRate,
    steps,
    decay,
    divergenceWeight,
    clamp,
    token,
    prefixes: count === 0 ? [] : [{ tokens, count }],
  };
}
