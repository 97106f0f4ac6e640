import { type ComposedContext, completionPrompt, composeContext, lineComposers } from "#evals";
import type { Asking } from "../task.ts";
import type { Window } from "../window.ts";
import { embedderOf } from "./embedder.ts";
import type { LineItem } from "./item.ts";

/** What a subject goes on with, and what was lost on the way. */
export interface CompletionPrompt {
  readonly text: string;
  readonly cut: readonly string[];
}

/** Characters that are looked at for one token, in the authors' two cuts. */
const charactersOfContext = 5;
const charactersOfPrompt = 6;

/**
 * The context that a composer makes, and the file's lines before the target.
 *
 *     context: its last 5 · L characters      prompt: its last 6 · (L − 100) characters, then its last L − 100 tokens
 *
 * L is the subject's window and 100 the longest line. Without a context the file's own lines stand alone.
 *
 * Source   Long Code Arena, project-level code completion; lca-baselines at 5b1b564
 */
export async function renderPrompt(item: LineItem, asking: Asking): Promise<CompletionPrompt> {
  const { window, settings, variant } = asking;
  const { target, line } = item;
  const lines = target.content.split("\n");
  const composed = variant === "none" ? undefined : await contextOf(item, asking);
  const whole = composed === undefined ? alone(lines.slice(0, line)) : completionPrompt(composed.text, lines, line);
  const room = window.tokens - settings.lineTokens;
  const text = window.last(whole.slice(-charactersOfPrompt * room), room);
  return { text, cut: cutsOf({ composed, whole, text, window }) };
}

/** A model cannot go on from nothing: before a file's first line stands the line break that a context would end with. */
const alone = (lines: readonly string[]): string => lines.join("\n") || "\n";

/** Items of one file stand next to each other and share their context, unless it depends on the line. */
let last: { readonly key: string; readonly snapshot: unknown; readonly composed: Promise<ComposedContext> } | undefined;

function contextOf(item: LineItem, { variant, settings, seed, window }: Asking): Promise<ComposedContext> {
  const { repository, snapshot, line } = item;
  const limit = charactersOfContext * window.tokens;
  const isOfLine = lineComposers.includes(variant);
  const target = isOfLine ? { ...item.target, content: before(item).join("\n") } : item.target;
  const { onlyPython, embedder } = settings;
  const key = JSON.stringify([variant, repository, target.path, limit, onlyPython, embedder, seed, isOfLine && line]);
  if (last?.key !== key || last.snapshot !== snapshot) {
    const embed = variant === "embeddings" ? embedderOf(embedder) : undefined;
    const options = { composer: variant, repository, target, limit, onlyPython, seed, ...(embed && { embed }) };
    last = { key, snapshot, composed: composeContext(snapshot, options) };
  }
  return last.composed;
}

/** The lines that a subject may see of the file. */
const before = ({ target, line }: LineItem): string[] => target.content.split("\n").slice(0, line);

interface Lost {
  readonly composed: ComposedContext | undefined;
  readonly whole: string;
  readonly text: string;
  readonly window: Window;
}

function cutsOf({ composed, whole, text, window }: Lost): string[] {
  const reasons = Map.groupBy(composed?.leftOut ?? [], ({ reason }) => reason);
  const leftOut = [...reasons].map(([reason, files]) => `${files.length} files left out: ${reason}`);
  const halves = (composed?.files ?? []).filter(({ characters, of }) => characters < of);
  return [
    ...leftOut,
    ...halves.map(({ path, characters, of }) => `${path}: its last ${characters} of ${of} characters`),
    ...(text.length < whole.length
      ? [`prompt: its last ${text.length} of ${whole.length} characters (${window.counted})`]
      : []),
  ];
}

/**
 * How a line is asked for of a subject that answers instructions: the paper's models go on with text and need no words.
 *
 * Deviation: the paper asked no chat model; the instruction is ours.
 */
export const chatInstruction =
  "Complete the code. Write only the next line of the last file, exactly as it stands after the given text, with its indentation and nothing else.";
