import { visible } from "../visible.ts";

/** HTML that is safe to stand in the page as it is. */
export interface Markup {
  readonly markup: string;
}

/** What may stand in a template: text is escaped, markup is not, nothing shows as nothing. */
export type Insert = string | number | Markup | readonly Markup[] | null | undefined | false;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as HTML, for elements and quoted attributes alike; what cannot be seen becomes a sign. */
export const escapeText = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (character) => entities[character]!);

/** A template whose texts are escaped: everything from outside goes through it. */
export function html(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Markup {
  return { markup: String.raw({ raw: parts }, ...inserts.map(insertText)) };
}

/** Markup made by this room: style, script, figures. */
export const trusted = (markup: string): Markup => ({ markup });

function insertText(insert: Insert): string {
  if (insert === null || insert === undefined || insert === false) return "";
  if (typeof insert === "string" || typeof insert === "number") return escapeText(String(insert));
  return "markup" in insert ? insert.markup : insert.map(({ markup }) => markup).join("");
}
