import type { CallWarning, LanguageModel, UserContent } from "ai";
import {
  type Answer,
  AssayError,
  type FinishReason,
  type Json,
  type Part,
  type Question,
  type Sampling,
  type Subject,
} from "#base";
import type { AskContext } from "../asking/attempts.ts";
import type { Redactor } from "../redact.ts";
import { SubjectError } from "../scheduler/failure.ts";
import { waitFromHeaders } from "../scheduler/rate-limits.ts";
import { classify } from "./classify.ts";
import type { Connection } from "./connection.ts";
import { Exchange } from "./exchange.ts";
import { type Protocol, protocolOf } from "./protocols.ts";
import { type Service, services } from "./services.ts";

export interface ApiSubjectOptions {
  readonly connection: Connection;
  readonly redactor: Redactor;
  readonly onNotice?: (message: string) => void;
}

/** A model behind an API: one request per `ask`, no retries of its own; failed attempts throw a `SubjectError`. */
export function apiSubject(name: string, { connection, redactor, onNotice }: ApiSubjectOptions): Subject {
  const { service, model, baseURL } = connection;
  const row: Service = services[service];
  const caller: Caller = { name, connection, protocol: protocolOf(service, row), redactor, onNotice: once(onNotice) };
  return {
    name,
    kind: "api",
    identity: { service, model, baseURL, protocol: row.protocol, imageDetail: "high" },
    ask: (question: Question, context: AskContext) => ask(question, context, caller),
  };
}

interface Caller {
  readonly name: string;
  readonly connection: Connection;
  readonly protocol: Protocol;
  readonly redactor: Redactor;
  readonly onNotice: (message: string) => void;
}

async function ask(question: Question, context: AskContext, caller: Caller): Promise<Answer> {
  const content = await Promise.all(question.parts.map((part) => contentOf(part, caller.protocol)));
  const exchange = new Exchange(caller.protocol.mend?.(question.sampling));
  let reply: Reply;
  try {
    reply = await generate(content, { question, context, caller, exchange });
  } catch (error) {
    if (context.signal?.aborted) throw error;
    return refusalOrThrow(error, exchange, caller);
  }
  const pause = waitFromHeaders(exchange.headers, Date.now());
  if (pause !== undefined) context.onPause?.(pause);
  return answerOf(reply, exchange, { question, caller });
}

/** What the SDK made of a response. */
interface Reply {
  readonly text: string;
  readonly finishReason: string;
  readonly usage: { readonly inputTokens: number | undefined; readonly outputTokens: number | undefined };
  readonly warnings: CallWarning[] | undefined;
}

interface Call {
  readonly question: Question;
  readonly context: AskContext;
  readonly caller: Caller;
  readonly exchange: Exchange;
}

async function generate(content: UserContent, { question, context, caller, exchange }: Call): Promise<Reply> {
  const { generateText } = await sdk();
  const { sampling } = question;
  const model: LanguageModel = await caller.protocol.open(caller.connection, exchange.fetch, sampling);
  return generateText({
    model,
    ...(question.system === undefined ? {} : { instructions: question.system }),
    messages: [{ role: "user", content }],
    maxRetries: 0,
    providerOptions: caller.protocol.options(sampling),
    ...(context.signal === undefined ? {} : { abortSignal: context.signal }),
    ...sdkSampling(sampling),
  });
}

/** The SDK, told once not to write its warnings on the console: we pass them on ourselves. */
async function sdk(): Promise<typeof import("ai")> {
  globalThis.AI_SDK_LOG_WARNINGS = false;
  return import("ai");
}

const sdkSampling = ({ maxTokens, temperature, topP, seed, stop }: Sampling) => ({
  ...(maxTokens === undefined ? {} : { maxOutputTokens: maxTokens }),
  ...(temperature === undefined ? {} : { temperature }),
  ...(topP === undefined ? {} : { topP }),
  ...(seed === undefined ? {} : { seed }),
  ...(stop === undefined ? {} : { stopSequences: [...stop] }),
});

async function contentOf(part: Part, { imageOptions }: Protocol): Promise<Exclude<UserContent, string>[number]> {
  if (part.type === "text") return { type: "text", text: part.text };
  const data = { type: "data" as const, data: await part.load() };
  return { type: "file", mediaType: part.mediaType, data, providerOptions: imageOptions };
}

function refusalOrThrow(error: unknown, exchange: Exchange, { name, redactor }: Caller): Answer {
  const problem = error instanceof Error ? error.message : String(error);
  if (exchange.status === undefined && exchange.networkError === undefined) throw unsent(name, problem, redactor);
  const failure = classify(exchange, problem, Date.now());
  const message = redactor.message(failure.message).slice(0, 400);
  if (failure.kind !== "refusal") throw new SubjectError(name, { ...failure, message });
  return { text: null, finishReason: "refusal", latencyMs: exchange.latencyMs, raw: rawBody(exchange, redactor) };
}

/** It never came to a request. Without its cause: a header that cannot be sent is quoted there, with the key in it. */
const unsent = (name: string, problem: string, redactor: Redactor): AssayError =>
  new AssayError("REQUEST_IMPOSSIBLE", `${name}: The request could not be made, ${redactor.message(problem)}`);

const finishReasons: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  length: "length",
  "content-filter": "refusal",
  error: "error",
};

interface Asked {
  readonly question: Question;
  readonly caller: Caller;
}

function answerOf(reply: Reply, exchange: Exchange, { question, caller }: Asked): Answer {
  const { redactor, protocol } = caller;
  for (const warning of reply.warnings ?? []) caller.onNotice(`${caller.name}: ${warningText(warning)}`);
  const raw = rawBody(exchange, redactor);
  const finishReason = finishReasons[reply.finishReason] ?? "other";
  const { inputTokens, outputTokens } = reply.usage;
  const logProbs = question.sampling.logProbs ? protocol.logProbs(raw) : undefined;
  return {
    text: finishReason === "refusal" ? null : redactor.json(reply.text),
    finishReason,
    ...(inputTokens === undefined || outputTokens === undefined ? {} : { usage: { inputTokens, outputTokens } }),
    latencyMs: exchange.latencyMs,
    raw,
    ...(logProbs === undefined ? {} : { logProbs }),
  };
}

function warningText(warning: CallWarning): string {
  if (warning.type === "other") return warning.message;
  if (warning.type === "deprecated") return `${warning.setting} is deprecated, ${warning.message}`;
  return `${warning.feature} is ${warning.type === "unsupported" ? "not supported" : "changed"}, ${warning.details ?? "and was left out"}`;
}

function rawBody({ body = "" }: Exchange, redactor: Redactor): Json {
  try {
    return redactor.json(JSON.parse(body));
  } catch {
    return redactor.json(body);
  }
}

/** Says each thing once. */
function once(say: ((message: string) => void) | undefined): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (!said.has(message)) say?.(message);
    said.add(message);
  };
}
