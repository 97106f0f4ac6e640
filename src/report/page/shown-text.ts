import { html, type Markup } from "./markup.ts";

/** The head of a part of a unified diff. */
const partHead = /^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@/m;

/** What a person reads of a text: as it is, and where it holds a unified diff with its lines told apart. */
export function shownText(text: string): Markup {
  if (!partHead.test(text)) return html`${text}`;
  let isInside = false;
  const lines = text.split("\n").map((line) => {
    if (partHead.test(line)) isInside = true;
    // A line without a sign ends the diff: what follows is somebody's prose.
    else if (!/^[-+ \\]|^$/.test(line)) isInside = false;
    return isInside ? diffLine(line) : html`${line}\n`;
  });
  return html`${lines}`;
}

function diffLine(line: string): Markup {
  if (line.startsWith("+")) return html`<ins>${line}</ins>\n`;
  if (line.startsWith("-")) return html`<del>${line}</del>\n`;
  return line.startsWith("@@") ? html`<b>${line}</b>\n` : html`${line}\n`;
}
