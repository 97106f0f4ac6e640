import type { ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";
import { type Asked, answerBody, type Said } from "./protocols.ts";

/** One request while the server decides what to do with it. */
export interface Turn {
  readonly asked: Asked;
  readonly response: ServerResponse;
  /** The credential that the client sent. */
  readonly secret: string;
  /** What a well-behaved server would say. */
  readonly right: string;
}

type Behave = (turn: Turn) => void | Promise<void>;

const slowMs = 150;

const send = (
  { response }: Turn,
  status: number,
  body: object | string,
  headers: Record<string, string> = {},
): void => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
};

const say = (turn: Turn, said: Said): void => send(turn, 200, answerBody(turn.asked, said));

const fail =
  (status: number, code: string, message: string, headers: () => Record<string, string> = () => ({})): Behave =>
  (turn) =>
    send(turn, status, { error: { message, type: code, code } }, headers());

const rateLimit = (headers: () => Record<string, string>): Behave =>
  fail(429, "rate_limit_exceeded", "Rate limit reached, please slow down", headers);

const inSeconds = (seconds: number): Date => new Date(Date.now() + seconds * 1000);

/** Everything that the server can do with a request. Waits are short, so that tests may really wait. */
export const behaviours = {
  right: (turn) => say(turn, { text: turn.right, finish: "stop" }),
  slow: async (turn) => {
    await setTimeout(slowMs);
    say(turn, { text: turn.right, finish: "stop" });
  },
  /** Never answers. */
  hang: () => {},
  /** Reaches the token limit. */
  cut: (turn) => say(turn, { text: turn.right, finish: "length" }),
  empty: (turn) => say(turn, { text: "", finish: "stop" }),
  refusal: (turn) => say(turn, { text: "I cannot help with that.", finish: "refusal" }),
  "content-filter": (turn) => say(turn, { text: "", finish: "filter" }),
  /** As Azure and many others say it: an error, not an answer. */
  "filter-error": fail(400, "content_filter", "The response was filtered due to the prompt triggering the policy"),

  "429": rateLimit(() => ({})),
  "429-ms": rateLimit(() => ({ "retry-after-ms": "20" })),
  "429-seconds": rateLimit(() => ({ "retry-after": "0.05" })),
  /** HTTP dates have whole seconds: up to one from now. */
  "429-date": rateLimit(() => ({ "retry-after": inSeconds(1).toUTCString() })),
  "429-x": rateLimit(() => ({
    "x-ratelimit-remaining-requests": "0",
    "x-ratelimit-reset-requests": "30ms",
    "x-ratelimit-remaining-tokens": "9000",
    "x-ratelimit-reset-tokens": "6m0s",
  })),
  "429-anthropic": rateLimit(() => ({
    "anthropic-ratelimit-requests-remaining": "0",
    "anthropic-ratelimit-requests-reset": inSeconds(0.05).toISOString(),
  })),
  /** Google says in the body how long to wait. */
  "429-google": (turn) =>
    send(turn, 429, {
      error: { code: 429, message: "Quota", status: "RESOURCE_EXHAUSTED", details: [{ retryDelay: "0.03s" }] },
    }),
  /** A right answer whose headers say that the allowance is used up. */
  "right-then-pause": (turn) =>
    send(turn, 200, answerBody(turn.asked, { text: turn.right, finish: "stop" }), {
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-reset-requests": "40ms",
    }),
  "429-long": rateLimit(() => ({ "retry-after": "86400" })),
  "empty-account": fail(429, "insufficient_quota", "You exceeded your current quota"),

  "500": fail(500, "server_error", "The server had an error"),
  "503": fail(503, "overloaded", "Overloaded"),
  "529": fail(529, "overloaded_error", "Overloaded"),
  "bad-request": fail(400, "context_length_exceeded", "This model's maximum context length is 128000 tokens"),
  unauthorized: fail(401, "invalid_api_key", "Incorrect API key provided"),
  "not-found": fail(404, "model_not_found", "The model does not exist"),
  /** Puts the client's own key into its error. */
  "secret-echo": (turn) =>
    send(turn, 500, {
      error: { message: `Key ${turn.secret} failed at https://x/?key=${turn.secret}`, key: turn.secret },
    }),
  /** As OpenAI does, which masks it, and others, which do not. */
  "secret-unauthorized": (turn) =>
    send(turn, 401, { error: { message: `Incorrect API key provided: ${turn.secret}`, code: "invalid_api_key" } }),
  /** Puts the client's own key into an answer. */
  "secret-answer": (turn) => say(turn, { text: `Your key is ${turn.secret}`, finish: "stop" }),

  truncated: (turn) => {
    const body = JSON.stringify(answerBody(turn.asked, { text: turn.right, finish: "stop" }));
    send(turn, 200, body.slice(0, body.length / 2));
  },
  /** A proxy's page instead of JSON. */
  html: (turn) => send(turn, 200, "<html><body>It works!</body></html>", { "content-type": "text/html" }),
  /** JSON under another name: sloppy, but an answer. */
  "wrong-type": (turn) =>
    send(turn, 200, answerBody(turn.asked, { text: turn.right, finish: "stop" }), { "content-type": "text/plain" }),
  /** Closes the connection before a word. */
  disconnect: ({ response }) => void response.socket?.destroy(),
  /** Closes the connection in the middle of the body. */
  "disconnect-mid": async ({ asked, response, right }) => {
    const body = JSON.stringify(answerBody(asked, { text: right, finish: "stop" }));
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
    response.write(body.slice(0, body.length / 2));
    await setTimeout(5);
    response.socket?.destroy();
  },
} satisfies Readonly<Record<string, Behave>>;

export type Behaviour = keyof typeof behaviours;
