import type { LanguageModel, ModelMessage } from "ai";
import type { Json, Sampling, TokenLogProb } from "#base";
import type { Connection } from "./connection.ts";
import type { Service } from "./services.ts";

type ProviderOptions = NonNullable<ModelMessage["providerOptions"]>;
type Fetch = typeof globalThis.fetch;

/** What one wire protocol needs beyond the SDK's common options. */
export interface Protocol {
  /** Loads the provider's package on first use and opens the model over a `fetch`. */
  open(connection: Connection, fetch: Fetch, sampling: Sampling): Promise<LanguageModel>;
  options(sampling: Sampling): ProviderOptions;
  readonly imageOptions: ProviderOptions;
  /** Changes the request's body where the SDK has no option for it. */
  mend?(sampling: Sampling): ((body: string) => string) | undefined;
  /** Log-probabilities of the answer's tokens in a response's body. */
  logProbs(body: Json): readonly TokenLogProb[] | undefined;
}

const openai: Protocol = {
  async open({ model, ...connection }, fetch) {
    const { createOpenAI } = await import("@ai-sdk/openai");
    return createOpenAI({ ...connection, fetch }).chat(model);
  },
  options: ({ logProbs, alternatives }) => ({ openai: logProbs ? { logprobs: alternatives ?? true } : {} }),
  imageOptions: { openai: { imageDetail: "high" } },
  logProbs: chatLogProbs,
};

const compatible: Protocol = {
  async open({ service, model, ...connection }, fetch, sampling) {
    const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
    const transformRequestBody = (body: Record<string, unknown>) => mendChatBody(body, sampling);
    return createOpenAICompatible({ ...connection, name: service, fetch, transformRequestBody }).chatModel(model);
  },
  options: () => ({}),
  imageOptions: {},
  logProbs: chatLogProbs,
};

const anthropic: Protocol = {
  async open({ model, ...connection }, fetch) {
    const { createAnthropic } = await import("@ai-sdk/anthropic");
    return createAnthropic({ ...connection, fetch })(model);
  },
  options: () => ({}),
  imageOptions: {},
  logProbs: () => undefined,
};

const google: Protocol = {
  async open({ model, ...connection }, fetch) {
    const { createGoogle } = await import("@ai-sdk/google");
    return createGoogle({ ...connection, fetch })(model);
  },
  options: () => ({}),
  imageOptions: {},
  mend: ({ logProbs }) => (logProbs ? withResponseLogProbs : undefined),
  logProbs: (body) => tokens(at(body, "candidates", 0, "logprobsResult", "chosenCandidates"), "logProbability"),
};

const others: Readonly<Record<Exclude<Service["protocol"], "chat-completions">, Protocol>> = {
  messages: anthropic,
  "generate-content": google,
};

/** The protocol of a service; OpenAI itself has a provider that knows which of its models take which parameters. */
export function protocolOf(service: string, { protocol }: Service): Protocol {
  if (protocol !== "chat-completions") return others[protocol];
  return service === "openai" ? openai : compatible;
}

/** The provider puts an image's options beside `image_url`, where no server looks for `detail`. */
function mendChatBody(body: Record<string, unknown>, { logProbs, alternatives }: Sampling): Record<string, unknown> {
  const messages = (body.messages as readonly { readonly content: unknown }[]).map((message) =>
    Array.isArray(message.content) ? { ...message, content: message.content.map(withDetail) } : message,
  );
  const told = alternatives === undefined ? {} : { top_logprobs: alternatives };
  return { ...body, messages, ...(logProbs ? { logprobs: true, ...told } : {}) };
}

const withDetail = (part: { readonly type: string; readonly image_url?: object }) =>
  part.type === "image_url" ? { ...part, image_url: { ...part.image_url, detail: "high" } } : part;

function withResponseLogProbs(body: string): string {
  const request = JSON.parse(body);
  return JSON.stringify({ ...request, generationConfig: { ...request.generationConfig, responseLogprobs: true } });
}

function chatLogProbs(body: Json): readonly TokenLogProb[] | undefined {
  return tokens(at(body, "choices", 0, "logprobs", "content"), "logprob");
}

/** Undefined as soon as one token of the answer has none: some servers write null for a chance that is too small. */
function tokens(list: Json | undefined, key: string): readonly TokenLogProb[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const found = (list as readonly Json[]).flatMap((item) => {
    const others = at(item, "top_logprobs");
    const alternatives = Array.isArray(others) ? (others as readonly Json[]).flatMap((one) => tokenOf(one, key)) : [];
    return tokenOf(item, key).map((token) => ({ ...token, ...(alternatives.length > 0 && { alternatives }) }));
  });
  return found.length === list.length ? found : undefined;
}

function tokenOf(item: Json, key: string): TokenLogProb[] {
  const [token, logProb] = [at(item, "token"), at(item, key)];
  return typeof token === "string" && typeof logProb === "number" ? [{ token, logProb }] : [];
}

/** The value at a path of keys and positions, undefined where the path ends early. */
function at(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null) return undefined;
    current = (current as { readonly [key: string]: Json | undefined })[key];
  }
  return current;
}
