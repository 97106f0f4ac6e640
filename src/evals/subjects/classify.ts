import type { ErrorKind } from "#base";
import type { Failure } from "../scheduler/failure.ts";
import { waitFromHeaders } from "../scheduler/rate-limits.ts";
import { type ErrorBody, readErrorBody, snippet } from "./error-body.ts";
import type { Exchange } from "./exchange.ts";

interface Rule {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly retry?: boolean;
  readonly overload?: boolean;
  readonly stops?: boolean;
  readonly applies: (status: number, body: ErrorBody) => boolean;
}

const says =
  (pattern: RegExp) =>
  (_status: number, { message, codes }: ErrorBody): boolean =>
    pattern.test(`${codes} ${message}`);

const filtered =
  /content_filter|content_policy|ResponsibleAI|moderation_blocked|data_?inspection_?failed|flagged by|requires moderation/i;
// Not "exceeded your current quota … billing": Gemini says so for its limit per minute.
const emptyAccount = /insufficient_quota|billing_hard_limit|credit balance is too low|insufficient (balance|credits)/i;
const wrongKey = /API_KEY_INVALID|API key not valid|invalid_api_key|authentication_error/i;

/** How HTTP answers without an answer are sorted; the first rule that applies decides. */
const rules: readonly Rule[] = [
  { code: "filtered", kind: "refusal", applies: (status, body) => status < 500 && says(filtered)(status, body) },
  { code: "empty-account", kind: "quota", stops: true, applies: says(emptyAccount) },
  { code: "payment-required", kind: "quota", stops: true, applies: (status) => status === 402 },
  { code: "unauthorized", kind: "permanent", stops: true, applies: (status) => status === 401 },
  { code: "unauthorized", kind: "permanent", stops: true, applies: says(wrongKey) },
  { code: "not-found", kind: "permanent", stops: true, applies: (status) => status === 404 },
  { code: "rate-limit", kind: "quota", retry: true, overload: true, applies: (status) => status === 429 },
  {
    code: "overloaded",
    kind: "transient",
    retry: true,
    overload: true,
    applies: (status) => [503, 529].includes(status),
  },
  { code: "timeout", kind: "transient", retry: true, applies: (status) => [408, 504, 524].includes(status) },
  { code: "conflict", kind: "transient", retry: true, applies: (status) => [409, 425].includes(status) },
  { code: "server-error", kind: "transient", retry: true, applies: (status) => status >= 500 },
  { code: "bad-body", kind: "transient", retry: true, applies: (status) => status < 300 },
  { code: "bad-request", kind: "permanent", applies: () => true },
];

/** How errors of the network are sorted, by their code or name. */
const networkRules: readonly (Omit<Rule, "applies"> & { readonly unreachable?: boolean; readonly matches: RegExp })[] =
  [
    {
      code: "unreachable",
      kind: "transient",
      retry: true,
      unreachable: true,
      matches: /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/,
    },
    {
      code: "certificate",
      kind: "permanent",
      stops: true,
      matches: /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL/,
    },
    { code: "bad-url", kind: "permanent", stops: true, matches: /ERR_INVALID_URL/ },
    // fetch() fails so, without a cause, before it sends: a key with a character that no header carries.
    { code: "unsendable", kind: "permanent", stops: true, matches: /^TypeError$/ },
    { code: "timeout", kind: "transient", retry: true, matches: /TIMEOUT|TIMEDOUT/ },
    { code: "disconnect", kind: "transient", retry: true, matches: /./ },
  ];

/** Sorts what came instead of an answer; `problem` is what the SDK found wrong with an answer that looked fine. */
export function classify(exchange: Exchange, problem: string, now: number): Failure {
  if (exchange.networkError !== undefined || exchange.status === undefined) return networkFailure(exchange, problem);
  const { status, headers } = exchange;
  const body = readErrorBody(exchange.body);
  const { applies: _, retry = false, ...verdict } = rules.find(({ applies }) => applies(status, body))!;
  const waitMs = waitFromHeaders(headers, now) ?? body.retryDelayMs;
  const said = status < 300 ? `${problem}: "${snippet(exchange.body)}"` : body.message;
  return {
    ...verdict,
    retry,
    status,
    message: `${status} ${verdict.code}: ${said}`,
    ...(waitMs === undefined ? {} : { waitMs }),
  };
}

function networkFailure({ networkError, url }: Exchange, problem: string): Failure {
  const codes = [...causes(networkError)].map(({ code, name }) => code ?? name).join(" ") || "unknown";
  const { matches: _, retry = false, ...verdict } = networkRules.find(({ matches }) => matches.test(codes))!;
  const last = [...causes(networkError)].at(-1)?.message ?? problem;
  return { ...verdict, retry, message: `${verdict.code}: ${last} (${url})` };
}

/** An error, its cause, the cause of that … */
function* causes(error: unknown): Generator<Error & { readonly code?: string }> {
  for (let current = error; current instanceof Error; current = current.cause) yield current;
}
