import { parseHTML } from "linkedom";

/** A drawn figure as a document, for tests. */
export const parseSvg = (svg: string) => parseHTML(`<!doctype html><html><body>${svg}</body></html>`).document;

/** Texts of all elements that a selector finds. */
export const textsOf = (svg: string, selector: string): string[] =>
  [...parseSvg(svg).querySelectorAll(selector)].map(({ textContent }) => textContent ?? "");
