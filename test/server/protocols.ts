import { createHash } from "node:crypto";

export type Protocol = "chat-completions" | "messages" | "generate-content";

/** What a client asked, whichever protocol it used. */
export interface Asked {
  readonly protocol: Protocol;
  readonly model: string;
  /** All text parts, joined by newlines. */
  readonly text: string;
  /** The pictures' bytes, in order. */
  readonly images: readonly Uint8Array[];
  /** OpenAI's `image_url.detail`, in order. */
  readonly details: readonly (string | undefined)[];
  readonly wantsLogProbs: boolean;
  /** The request's body as it came. */
  readonly body: Body;
}

/** What the server says, before it is put into a protocol's form. */
export interface Said {
  readonly text: string;
  readonly finish: "stop" | "length" | "refusal" | "filter";
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of three protocols, read leniently on purpose
type Body = any;

/** Which protocol a path belongs to. */
export function protocolAt(path: string): Protocol | undefined {
  if (path.endsWith("/chat/completions")) return "chat-completions";
  if (path.endsWith("/messages")) return "messages";
  if (path.endsWith(":generateContent")) return "generate-content";
  return undefined;
}

export function readAsked(protocol: Protocol, path: string, body: Body): Asked {
  const parts = readers[protocol](body);
  const images = parts.flatMap(({ base64 }) => (base64 === undefined ? [] : [Buffer.from(base64, "base64")]));
  const pictures = parts.filter(({ base64 }) => base64 !== undefined);
  return {
    protocol,
    model: body.model ?? /models\/([^:]+):/.exec(path)?.[1] ?? "",
    text: parts.flatMap(({ text }) => (text === undefined ? [] : [text])).join("\n"),
    images,
    details: pictures.map(({ detail }) => detail),
    wantsLogProbs: body.logprobs === true || body.generationConfig?.responseLogprobs === true,
    body,
  };
}

/** Equal for requests that ask the same: the same model, text and pictures. */
export function askedKey({ model, text, images }: Asked): string {
  const hash = createHash("sha256").update(`${model}\n${text}`);
  for (const image of images) hash.update(image);
  return hash.digest("hex").slice(0, 16);
}

interface ReadPart {
  readonly text?: string;
  readonly base64?: string;
  readonly detail?: string | undefined;
}

const readers: Readonly<Record<Protocol, (body: Body) => readonly ReadPart[]>> = {
  "chat-completions": ({ messages }) => messages.flatMap(({ content }: Body) => listed(content).map(chatPart)),
  messages: ({ messages }) => messages.flatMap(({ content }: Body) => listed(content).map(messagesPart)),
  "generate-content": ({ contents }) => contents.flatMap(({ parts }: Body) => parts.map(generatePart)),
};

const listed = (content: Body): readonly Body[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : content;

const chatPart = ({ text, image_url }: Body): ReadPart =>
  image_url ? { base64: image_url.url.split(",")[1], detail: image_url.detail } : { text };

const messagesPart = ({ text, source }: Body): ReadPart => (source ? { base64: source.data } : { text });

const generatePart = ({ text, inlineData }: Body): ReadPart => (inlineData ? { base64: inlineData.data } : { text });

/** An answer in the protocol's own form. */
export function answerBody(asked: Asked, said: Said): object {
  return writers[asked.protocol](asked, said);
}

const isSaid = ({ finish }: Said): boolean => finish === "stop" || finish === "length";

const usage = ({ text, images }: Asked, said: Said) => ({
  input: Math.ceil(text.length / 4) + 85 * images.length,
  output: Math.ceil(said.text.length / 4),
});

const writers: Readonly<Record<Protocol, (asked: Asked, said: Said) => object>> = {
  "chat-completions": chatBody,
  messages: (asked, said) => ({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: asked.model,
    content: isSaid(said) && said.text !== "" ? [{ type: "text", text: said.text }] : [],
    stop_reason: { stop: "end_turn", length: "max_tokens", refusal: "refusal", filter: "refusal" }[said.finish],
    stop_sequence: null,
    usage: { input_tokens: usage(asked, said).input, output_tokens: usage(asked, said).output },
  }),
  "generate-content": (asked, said) => ({
    ...(said.finish === "filter"
      ? { promptFeedback: { blockReason: "SAFETY" } }
      : { candidates: [candidate(asked, said)] }),
    usageMetadata: { promptTokenCount: usage(asked, said).input, candidatesTokenCount: usage(asked, said).output },
    modelVersion: asked.model,
  }),
};

function chatBody(asked: Asked, said: Said): object {
  const { input, output } = usage(asked, said);
  const refusal = said.finish === "refusal" ? said.text : null;
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_795_500_000,
    model: asked.model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: isSaid(said) ? said.text : refusal === null ? "" : null,
          refusal,
        },
        logprobs: asked.wantsLogProbs
          ? { content: tokenLogProbs(said.text, asked.body.top_logprobs), refusal: null }
          : null,
        finish_reason: { stop: "stop", length: "length", refusal: "stop", filter: "content_filter" }[said.finish],
      },
    ],
    usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
  };
}

const candidate = (asked: Asked, said: Said) => ({
  content: { role: "model", parts: isSaid(said) ? [{ text: said.text }] : [] },
  finishReason: { stop: "STOP", length: "MAX_TOKENS", refusal: "SAFETY", filter: "SAFETY" }[said.finish],
  index: 0,
  ...(asked.wantsLogProbs ? { logprobsResult: { chosenCandidates: googleLogProbs(said.text) } } : {}),
});

/** What stands beside every token, when it is asked for. */
const options = [
  { token: "A", logprob: -0.5, bytes: null },
  { token: " B", logprob: -1.5, bytes: null },
];

/** Made-up log-probabilities, a function of the text: −0.25, −0.5, −0.75 … */
const tokenLogProbs = (text: string, alternatives = 0) =>
  (text.match(/\S+\s*/g) ?? []).map((token, index) => ({
    token,
    logprob: -(index + 1) / 4,
    bytes: null,
    top_logprobs: options.slice(0, alternatives),
  }));

const googleLogProbs = (text: string) =>
  tokenLogProbs(text).map(({ token, logprob }) => ({ token, logProbability: logprob }));
