/** From requests to texts: what every editor does first. */
import type { LanguageModel } from "#models";
import { type EditToken, type EncodedRequest, encodeRequest } from "./encode.ts";
import type { EditLanguage } from "./languages.ts";
import { type PrefixOptions, samplePrefixes } from "./prefixes.ts";
import type { EditRequest, PlacedRequest } from "./request.ts";
import { expectEditable, type ScreenedRequests, screenRequests } from "./screen.ts";

/** How requests become texts. */
export interface PrepareOptions {
  readonly prefixes: PrefixOptions["lengths"];
  readonly token?: EditToken;
  /** Of the prefixes; 0 when left out. */
  readonly seed?: number;
  /** Whether a form of the subject with another ending is taken for it. Default false. */
  readonly inflected?: boolean;
  /** What happens to requests that cannot be edited: all are refused (default), or they are left out and counted while any is left. */
  readonly unfit?: "refuse" | "leave out";
}

/** Requests that are ready, and how many are not, by reason. */
export interface PreparedRequests {
  readonly encoded: readonly EncodedRequest[];
  readonly excluded: ScreenedRequests["counts"];
}

/** Screens requests, samples the prefixes of their languages and encodes them. @throws AssayError EDIT_REQUEST, LANGUAGE_UNKNOWN, as encodeRequest() */
export async function prepareRequests(
  model: LanguageModel,
  requests: readonly EditRequest[],
  options: PrepareOptions,
): Promise<PreparedRequests> {
  const screened = screenRequests(requests, options);
  const isAnyFit = screened.placed.length > 0;
  const placed = options.unfit === "leave out" && isAnyFit ? screened.placed : expectEditable(requests, options);
  const prefixes = await prefixesOf(model, placed, options);
  const encoded = placed.map((request) => {
    return encodeRequest(model, request, { ...options, prefixes: prefixes.get(request.language)! });
  });
  return { encoded, excluded: screened.counts };
}

async function prefixesOf(
  model: LanguageModel,
  placed: readonly PlacedRequest[],
  { prefixes: lengths, seed = 0 }: PrepareOptions,
): Promise<Map<EditLanguage, string[]>> {
  const byLanguage = new Map<EditLanguage, string[]>();
  for (const language of new Set(placed.map((request) => request.language))) {
    byLanguage.set(language, await samplePrefixes(model, language, { lengths, seed }));
  }
  return byLanguage;
}
