import stringWidth from "string-width";
import { visibleLine } from "./visible.ts";

/** A text broken between words so that no line, with its indent, is wider than `width`; a longer word stays whole. */
export function wrapped(
  text: string,
  { width, indent = "" }: { readonly width: number; readonly indent?: string },
): string {
  const lines: string[] = [];
  let line = "";
  for (const word of visibleLine(text).split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && indent.length + stringWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].map((one) => indent + one).join("\n");
}
