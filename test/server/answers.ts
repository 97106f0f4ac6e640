import { createHash } from "node:crypto";
import { type Asked, askedKey } from "./protocols.ts";

/** What a well-behaved server answers: a function of the request and nothing else. */
export type Answerer = (asked: Asked) => string;

const digest = (text: string): number => createHash("sha256").update(text).digest().readUInt32BE(0);

/** Ready-made answerers, by the name the command line knows. */
export const answerers = {
  /** `answer 3f2a…`: tells apart whatever differs in text or pictures. */
  hash: (asked) => `answer ${askedKey(asked)}`,
  /** The last line of the question. */
  echo: ({ text }) => text.split("\n").at(-1) ?? "",
  /** MMNeedle's form: `index, row, column` inside the haystack that the prompt describes, now and then `-1`. */
  needle: (asked) => {
    const pictures = Number(/Given (\d+) image/.exec(asked.text)?.[1] ?? 1);
    const side = Number(/(\d+)\*\d+ subimage/.exec(asked.text)?.[1] ?? 1);
    const needles = (asked.text.match(/^Caption(_\d+)?: /gm) ?? [""]).length;
    const key = askedKey(asked);
    const cell = (needle: number) => {
      const pick = (what: string, choices: number) => (digest(`${key}/${needle}/${what}`) % choices) + 1;
      return pick("absent", 8) === 1
        ? "-1"
        : `${pick("picture", pictures)}, ${pick("row", side)}, ${pick("column", side)}`;
    };
    return Array.from({ length: needles }, (_, needle) => cell(needle)).join("; ");
  },
} satisfies Readonly<Record<string, Answerer>>;
