import { Environment, Interpreter, parse, tokenize } from "@huggingface/jinja";
import { AssayError } from "#base";
import { strftime } from "./strftime.ts";

/** One turn of a conversation; templates may look at further keys (`tool_calls`, `name` …). */
export interface ChatMessage {
  readonly role: string;
  readonly content: unknown;
  readonly [key: string]: unknown;
}

/** What a template may ask for besides the messages. */
export interface RenderChatOptions {
  /** Ends with the words that begin the model's own turn. */
  readonly addGenerationPrompt?: boolean;
  readonly bosToken?: string;
  readonly eosToken?: string;
  /** Descriptions of the functions that the model may call. */
  readonly tools?: readonly unknown[];
  /**
   * What `strftime_now` calls now, read in UTC. Default 26 July 2024, which Llama 3's templates fall back to themselves:
   * a prompt must not change overnight.
   */
  readonly now?: Date;
  /** Any further variables of the template. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

const pinned = new Date(Date.UTC(2024, 6, 26));

/**
 * Writes a conversation as the text that the model was trained on.
 *
 * @throws AssayError CHAT_REFUSED when the template itself objects (roles that do not alternate …)
 * @throws AssayError CHAT_TEMPLATE_INVALID when the template cannot be read or run
 */
export function renderChat(
  template: string,
  messages: readonly ChatMessage[],
  options: RenderChatOptions = {},
): string {
  try {
    const program = parse(tokenize(template, { lstrip_blocks: true, trim_blocks: true }));
    const rendered = new Interpreter(environment(messages, options)).run(program) as unknown as {
      readonly value: string;
    };
    return rendered.value;
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    const got = (cause as Error).message;
    throw new AssayError("CHAT_TEMPLATE_INVALID", `chat: Expected a template that can be run, got "${got}"`, { cause });
  }
}

/** The library declares such names itself only in a class that lets none of them be replaced. */
function environment(messages: readonly ChatMessage[], options: RenderChatOptions): Environment {
  const { addGenerationPrompt = false, bosToken, eosToken, tools, now = pinned, variables = {} } = options;
  const names = {
    false: false,
    true: true,
    none: null,
    False: false,
    True: true,
    None: null,
    range,
    raise_exception: refuse,
    strftime_now: (format: string) => strftime(now, format),
    messages,
    add_generation_prompt: addGenerationPrompt,
    tools: tools ?? null,
    documents: null,
    bos_token: bosToken,
    eos_token: eosToken,
    ...variables,
  };
  const scope = new Environment();
  for (const [name, value] of Object.entries(names)) if (value !== undefined) scope.set(name, value);
  return scope;
}

function refuse(reason: unknown): never {
  throw new AssayError("CHAT_REFUSED", `chat: Expected messages that the template accepts, got "${String(reason)}"`);
}

/** Python's range. */
function range(first: number, last?: number, step = 1): number[] {
  const [start, stop] = last === undefined ? [0, first] : [first, last];
  return Array.from({ length: Math.max(0, Math.ceil((stop - start) / step)) }, (_, at) => start + at * step);
}
