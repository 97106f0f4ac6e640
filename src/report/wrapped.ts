import stringWidth from "string-width";
import { visibleLine } from "./visible.ts";

/** How a text is broken into lines. */
export interface WrapOptions {
  readonly width: number;
  /** Before every line. */
  readonly indent?: string;
  /** Before every line but the first; `indent` when absent. */
  readonly hanging?: string;
}

/** A text broken between words so that no line, with its indent, is wider than `width`; a longer word stays whole. */
export function wrapped(text: string, { width, indent = "", hanging = indent }: WrapOptions): string {
  const lines: string[] = [];
  let line = "";
  const before = (): string => (lines.length === 0 ? indent : hanging);
  for (const word of visibleLine(text).split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && before().length + stringWidth(longer) > width) {
      lines.push(before() + line);
      line = word;
    } else line = longer;
  }
  return [...lines, before() + line].join("\n");
}
