/** Which requests can be edited; the others are counted, with reasons. */
import { AssayError } from "#base";
import { isEditLanguage, readEditLanguage } from "./languages.ts";
import { locateSubject } from "./locate.ts";
import { continuationOf, type EditRequest, type PlacedRequest } from "./request.ts";

/** Why a request is left out, and what it means. */
export const exclusionReasons = {
  "subject missing": "the prompt does not have the subject",
  "subject inflected": "the prompt has the subject in another form",
  "subject in another script": "the prompt has no letter of the subject's script",
  "subject ambiguous": "the prompt has the subject, or a slot for it, more than once",
  "target empty": "there is no new object",
  "target unchanged": "the new object is the old one",
  "language unknown": "no texts are known for the language",
  duplicate: "an earlier request says the same",
  contradictory: "another request wants another object behind the same prompt",
} as const;

/** Why a request is left out. */
export type ExclusionReason = keyof typeof exclusionReasons;

/** A request that is left out. */
export interface ExcludedRequest {
  readonly id: string;
  readonly request: EditRequest;
  readonly reason: ExclusionReason;
  /** What was found instead, where something was. */
  readonly found?: string;
}

/** What can be edited and what cannot. */
export interface ScreenedRequests {
  readonly placed: readonly PlacedRequest[];
  readonly excluded: readonly ExcludedRequest[];
  readonly counts: Readonly<Partial<Record<ExclusionReason, number>>>;
}

/** How requests are looked at. */
export interface ScreenOptions {
  /** Whether a form of the subject with another ending is taken for it. Default false. */
  readonly inflected?: boolean;
}

/**
 * Finds each request's subject and takes out what cannot or must not be edited: nothing is left out without a reason. Of
 * equal requests the first is kept, of contradictory ones none.
 *
 * @example const { placed, excluded } = screenRequests([{ subject: "France", prompt: "The capital of {} is", target: "Rome" }]);
 */
export function screenRequests(requests: readonly EditRequest[], options: ScreenOptions = {}): ScreenedRequests {
  const looked = requests.map((request, at) => lookAt(request, { id: request.id ?? String(at), ...options }));
  const byPrompt = Map.groupBy(
    looked.filter((one) => "prompt" in one),
    ({ prompt }) => prompt,
  );
  const kept = looked.map((one, at) => {
    if (!("prompt" in one)) return one;
    const reason = clashOf(one, byPrompt.get(one.prompt)!);
    return reason === undefined ? one : { id: one.id, request: requests[at]!, reason };
  });
  const excluded = kept.filter((one): one is ExcludedRequest => !("prompt" in one));
  return { placed: kept.filter((one): one is PlacedRequest => "prompt" in one), excluded, counts: countsOf(excluded) };
}

/** The same, where every request must be fit to edit. @throws AssayError EDIT_REQUEST with each reason and its count */
export function expectEditable(
  requests: readonly EditRequest[],
  options: ScreenOptions = {},
): readonly PlacedRequest[] {
  for (const { language } of requests) if (language !== undefined) readEditLanguage(language);
  const { placed, excluded, counts } = screenRequests(requests, options);
  if (placed.length === 0 && excluded.length === 0) {
    throw new AssayError("EDIT_REQUEST", "editing: Expected at least one request, got none");
  }
  if (excluded.length === 0) return placed;
  const [first] = excluded;
  const { subject, prompt } = first!.request;
  const found = first!.found === undefined ? "" : `, found "${first!.found}"`;
  const reasons = Object.entries(counts).map(([reason, count]) => `${reason}: ${count}`);
  const got = `got ${excluded.length} of ${requests.length} that cannot be edited (${reasons.join(", ")})`;
  const example = `the first is "${subject}" in "${prompt}": ${exclusionReasons[first!.reason]}${found}`;
  const claim = `Expected requests fit to edit, ${got}; ${example}; mend them, or screen them first`;
  throw new AssayError("EDIT_REQUEST", `editing: ${claim}`, { details: { counts, ids: excluded.map(({ id }) => id) } });
}

interface LookOptions extends ScreenOptions {
  readonly id: string;
}

function lookAt(request: EditRequest, { id, ...options }: LookOptions): PlacedRequest | ExcludedRequest {
  const { language = "en", target, old } = request;
  const excluded = (reason: ExclusionReason, found?: string): ExcludedRequest => ({
    id,
    request,
    reason,
    ...(found === undefined ? {} : { found }),
  });
  if (!isEditLanguage(language)) return excluded("language unknown", language);
  if (target.trim() === "") return excluded("target empty");
  if (old !== undefined && isSameText(old, target)) return excluded("target unchanged", old);
  const place = locateSubject(request, options);
  if ("problem" in place) return excluded(reasonOf[place.problem], place.found);
  const { text: prompt, start, end, form } = place;
  const continuation = continuationOf(target, { prompt });
  return { id, subject: request.subject, language, prompt, start, end, form, continuation, target, old };
}

const reasonOf = {
  missing: "subject missing",
  inflected: "subject inflected",
  "other script": "subject in another script",
  ambiguous: "subject ambiguous",
} as const satisfies Readonly<Record<string, ExclusionReason>>;

const isSameText = (a: string, b: string): boolean => a.trim().normalize("NFC") === b.trim().normalize("NFC");

/** Whether another request with its prompt wants something else, or an earlier one says the same. */
function clashOf(one: PlacedRequest, alike: readonly PlacedRequest[]): ExclusionReason | undefined {
  if (alike.some(({ continuation }) => !isSameText(continuation, one.continuation))) return "contradictory";
  return alike[0] === one ? undefined : "duplicate";
}

function countsOf(excluded: readonly ExcludedRequest[]): ScreenedRequests["counts"] {
  const counts: Partial<Record<ExclusionReason, number>> = {};
  for (const { reason } of excluded) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
