import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answerer, answerers } from "./answers.ts";
import { type Behaviour, behaviours } from "./behaviours.ts";
import { createPlan, type Plan, type PlanOptions } from "./plan.ts";
import { type Asked, askedKey, protocolAt, readAsked } from "./protocols.ts";

export interface TestServerOptions extends PlanOptions {
  readonly port?: number;
  readonly answer?: Answerer;
  /** Every answer takes at least this long. */
  readonly latencyMs?: number;
  /** False for a server of its own process: then nothing is kept in memory. */
  readonly keepsRequests?: boolean;
  /** Called for each line of the log, at once when a request has been read and when its answer has been handed over. */
  readonly onLog?: (entry: LogEntry) => void;
}

/** One line of the request log. */
export interface LogEntry {
  readonly event: "asked" | "answered";
  /** Counts requests from 0. */
  readonly request: number;
  /** Hash of model, text and pictures. */
  readonly key: string;
  /** How often the same was asked before. */
  readonly nth: number;
  readonly behaviour: Behaviour;
  /** The question's first 2,000 characters. */
  readonly text: string;
}

export interface TestServer {
  /** `http://127.0.0.1:41234`, without a path. */
  readonly url: string;
  readonly log: readonly LogEntry[];
  readonly requests: readonly Asked[];
  /** The most requests that were being answered at one time. */
  readonly mostAtOnce: number;
  /** Puts behaviours before whatever the plan says. */
  misbehave(...script: Behaviour[]): void;
  close(): Promise<void>;
}

/** Starts a real HTTP server that speaks OpenAI's, Anthropic's and Google's protocols and misbehaves as planned. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const desk = new Desk(options);
  const server = createServer((request, response) => void desk.serve(request, response));
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    log: desk.log,
    requests: desk.requests,
    get mostAtOnce() {
      return desk.mostAtOnce;
    },
    misbehave: (...script) => void desk.first.push(...script),
    close: () => close(server),
  };
}

function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  return closed;
}

class Desk {
  readonly log: LogEntry[] = [];
  readonly requests: Asked[] = [];
  readonly first: Behaviour[] = [];
  mostAtOnce = 0;
  readonly #options: TestServerOptions;
  readonly #plan: Plan;
  readonly #counts = new Map<string, number>();
  #open = 0;
  #count = 0;

  constructor(options: TestServerOptions) {
    this.#options = options;
    this.#plan = createPlan(options);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#open);
    response.on("close", () => this.#open--);
    const protocol = protocolAt(new URL(request.url!, "http://localhost").pathname);
    const body = await text(request);
    if (protocol === undefined) return void response.writeHead(404).end('{"error":{"message":"no such path"}}');
    const asked = readAsked(protocol, request.url!, JSON.parse(body));
    await this.#answer(asked, request, response);
  }

  async #answer(asked: Asked, { headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const entry = this.#enter(asked);
    if (this.#options.latencyMs) await new Promise((resolve) => setTimeout(resolve, this.#options.latencyMs));
    const right = (this.#options.answer ?? answerers.hash)(asked);
    await behaviours[entry.behaviour]({ asked, response, secret: secretOf(headers), right });
    this.#write({ ...entry, event: "answered" });
  }

  #enter(asked: Asked): LogEntry {
    const key = askedKey(asked);
    const nth = this.#counts.get(key) ?? 0;
    this.#counts.set(key, nth + 1);
    const behaviour = this.first.shift() ?? this.#plan(key, nth);
    const entry: LogEntry = {
      event: "asked",
      request: this.#count++,
      key,
      nth,
      behaviour,
      text: asked.text.slice(0, 2000),
    };
    if (this.#options.keepsRequests ?? true) this.requests.push(asked);
    this.#write(entry);
    return entry;
  }

  #write(entry: LogEntry): void {
    if (this.#options.keepsRequests ?? true) this.log.push(entry);
    this.#options.onLog?.(entry);
  }
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function secretOf(headers: IncomingMessage["headers"]): string {
  const key = headers["x-api-key"] ?? headers["x-goog-api-key"];
  return String(key ?? headers.authorization?.replace(/^Bearer /, "") ?? "");
}
