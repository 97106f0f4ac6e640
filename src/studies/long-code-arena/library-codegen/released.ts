/** What the authors released: their answers' means, to the last digit. */

/** ChrF and API recall of one setting, from 0 to 1. */
export interface ReleasedMeans {
  readonly chrf: number;
  readonly apiRecall: number;
}

/**
 * The twelve released means, by the folder of the answers; `bm25/` in front when names were offered.
 *
 * Source   lca-baselines at 5b1b564, library_based_code_generation/results, metadata.json
 */
export const releasedMeans: Readonly<Record<string, ReleasedMeans>> = {
  "gpt-4-0125-preview": { chrf: 0.40844967687482303, apiRecall: 0.3668788391737353 },
  "gpt-3.5-turbo-0125": { chrf: 0.2619475034795598, apiRecall: 0.16911533258141592 },
  "codellama/CodeLlama-7b-Instruct-hf": { chrf: 0.2842920831411583, apiRecall: 0.09284833402406875 },
  "codellama/CodeLlama-70b-Instruct-hf": { chrf: 0.05538304106588839, apiRecall: 0.022867680565048985 },
  "mistralai/Mistral-7B-Instruct-v0.3": { chrf: 0.3022683714985954, apiRecall: 0.0706873106077934 },
  "mistralai/Mixtral-8x7B-Instruct-v0.1": { chrf: 0.29046756280503094, apiRecall: 0.10617148849174919 },
  "bm25/gpt-4-0125-preview": { chrf: 0.39461738700190147, apiRecall: 0.35804307842373084 },
  "bm25/gpt-3.5-turbo-0125": { chrf: 0.260515496257304, apiRecall: 0.19202696525816057 },
  "bm25/codellama/CodeLlama-7b-Instruct-hf": { chrf: 0.28992034910940967, apiRecall: 0.14937159582597279 },
  "bm25/codellama/CodeLlama-70b-Instruct-hf": { chrf: 0.11215975232786808, apiRecall: 0.03562475098001414 },
  "bm25/mistralai/Mistral-7B-Instruct-v0.3": { chrf: 0.3119175329254502, apiRecall: 0.13013912520593546 },
  "bm25/mistralai/Mixtral-8x7B-Instruct-v0.1": { chrf: 0.29385610305806276, apiRecall: 0.12821800601073047 },
};

/** What BM25's names add to a model's API recall, in points; by the model's folder. */
export function recallMoves(): { readonly model: string; readonly points: number }[] {
  return Object.entries(releasedMeans).flatMap(([model, { apiRecall }]) => {
    const helped = releasedMeans[`bm25/${model}`];
    return helped === undefined ? [] : [{ model, points: 100 * (helped.apiRecall - apiRecall) }];
  });
}
