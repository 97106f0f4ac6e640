/** How much a subject takes at once, and how a text is cut to it. */
import type { Subject } from "#base";
import { isHubSource, loadTokenizer, readChatTemplates, type Tokenizer } from "#formats";
import type { Settings } from "./settings.ts";

/** A budget of tokens by somebody's tokenizer. */
export interface Window {
  /** Whose tokens they are: enters no answer, but explains a cut. */
  readonly counted: string;
  /** Prompt and answer together. */
  readonly tokens: number;
  /** Whether the subject answers instructions; one that does not goes on with a text. */
  readonly chat: boolean;
  count(text: string): number;
  first(text: string, tokens: number): string;
  last(text: string, tokens: number): string;
}

/** A budget in which four characters are a token. */
export const characterWindow = (tokens: number): Window => ({
  counted: "4 characters a token",
  tokens,
  chat: true,
  count: (text) => Math.ceil(text.length / 4),
  first: (text, limit) => text.slice(0, 4 * limit),
  last: (text, limit) => (text.length > 4 * limit ? text.slice(text.length - 4 * limit) : text),
});

/** A budget by a tokenizer. */
export function tokenWindow(
  tokenizer: Tokenizer,
  { counted, tokens, chat }: Pick<Window, "counted" | "tokens" | "chat">,
): Window {
  const encode = (text: string) => tokenizer.encode(text, { special: false });
  return {
    counted,
    tokens,
    chat,
    count: (text) => encode(text).length,
    first: (text, limit) => cut(text, { limit, tokenizer, from: "start" }),
    last: (text, limit) => cut(text, { limit, tokenizer, from: "end" }),
  };
}

/** Tokens are shorter than this on average, save in a text of nothing but spaces or dashes: what lies beyond is not looked at. */
const longestToken = 24;

interface Cut {
  readonly limit: number;
  readonly tokenizer: Tokenizer;
  readonly from: "start" | "end";
}

/** The text's first or last tokens, as text that has no more tokens than that. */
function cut(text: string, { limit, tokenizer, from }: Cut): string {
  const near = from === "start" ? text.slice(0, limit * longestToken) : text.slice(-limit * longestToken);
  const spans = limit > 0 ? tokenizer.spans(near, { special: false }) : [];
  if (limit > 0 && spans.length <= limit) return near;
  // Pieces that are cut off their neighbours may fall apart into more tokens.
  for (let kept = limit; kept > 0; kept--) {
    const part = from === "start" ? near.slice(0, spans[kept - 1]!.end) : near.slice(spans.at(-kept)!.start);
    if (tokenizer.encode(part, { special: false }).length <= limit) return part;
  }
  return "";
}

/** What a subject takes: its own tokens where its folder is open, else those that the settings name. */
export async function windowOf({ name, kind }: Pick<Subject, "name" | "kind">, settings: Settings): Promise<Window> {
  const { contextTokens, tokenizer } = settings;
  if (kind !== "open" && tokenizer === "") return characterWindow(contextTokens);
  const { findModel, openModelFolder } = await import("#models");
  if (kind === "open") {
    const place = await findModel(name);
    const { config, tokenizer: own, checkpoint } = openModelFolder(place);
    checkpoint.close();
    const tokens = Math.min(contextTokens, config.contextLength);
    const chat = readChatTemplates(place).has("default");
    if (own !== undefined) return tokenWindow(own, { counted: `tokens of ${name}`, tokens, chat });
  }
  if (tokenizer === "") return characterWindow(contextTokens);
  const folder = isHubSource(tokenizer) ? await findModel(tokenizer) : tokenizer;
  return tokenWindow(loadTokenizer(folder), { counted: `tokens of ${tokenizer}`, tokens: contextTokens, chat: true });
}

/** A text between fixed words, cut to what is left of a window. */
export interface FitOptions {
  readonly window: Window;
  /** Everything else that is sent. */
  readonly around: string;
  readonly answerTokens: number;
  /** Which end survives. */
  readonly keep: "first" | "last";
  /** How a person would call the text. */
  readonly what: string;
  /** No more than these, whatever fits. */
  readonly limit?: number;
}

/** What a chat template, begin and end marks take. */
const margin = 32;

/** The text as it fits, and a remark when something was lost. */
export function fitted(
  text: string,
  { window, around, answerTokens, keep, what, limit = Number.POSITIVE_INFINITY }: FitOptions,
): { text: string; cut: string[] } {
  const room = Math.max(0, Math.min(limit, window.tokens - answerTokens - window.count(around) - margin));
  if (text.length / longestToken <= room && window.count(text) <= room) return { text, cut: [] };
  const kept = window[keep](text, room);
  if (kept.length === text.length) return { text, cut: [] };
  const share = `${kept.length} of ${text.length} characters`;
  return { text: kept, cut: [`${what}: the ${keep} ${share} (${room} ${window.counted})`] };
}
