import { createHash } from "node:crypto";
import type { Report } from "../report.ts";
import { dataSection } from "./data.ts";
import { figuresSection } from "./figures.ts";
import { opening } from "./heading.ts";
import { html, type Markup, trusted } from "./markup.ts";
import { runCard } from "./run-card.ts";
import { sampleSection } from "./samples.ts";
import { script } from "./script.ts";
import { style } from "./style.ts";
import { tablesSection } from "./tables.ts";
import { verdictsSection } from "./verdicts.ts";

/**
 * A report as one HTML file that needs nothing else, in pieces: one with many pictures can pass the longest string that
 * V8 allows. Everything can be read without script; model output is escaped, and the page's own policy forbids any
 * other script and any request.
 */
export function* renderHtml(report: Report): Generator<string, void> {
  for (const { markup } of sectionsOf(report)) yield markup;
}

function* sectionsOf(report: Report): Generator<Markup> {
  const groups = new Set(report.groups.map(({ id }) => id));
  yield head(report.title);
  yield opening(report);
  yield html`<main id="content">`;
  yield runCard(report.run);
  if (report.opensWithFigures) yield figuresSection(report.figures);
  yield verdictsSection(report.verdicts);
  yield tablesSection(report.tables, groups);
  if (!report.opensWithFigures) yield figuresSection(report.figures);
  yield* sampleSection(report.groups);
  yield remarksSection(report.remarks);
  yield dataSection(report);
  yield html`</main><dialog id="viewer" aria-label="Picture"><form method="dialog"><button aria-label="Close">✕</button></form><div></div></dialog><script>${trusted(script)}</script></body></html>\n`;
}

const sha256 = createHash("sha256").update(script).digest("base64");
// `default-src 'none'` keeps the file offline; the hash lets this page's script run and no other.
const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${sha256}'; base-uri 'none'; form-action 'none'`;

const head = (title: string): Markup => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="generator" content="Assay">
<link rel="icon" href="data:,"><style>${trusted(style)}</style></head><body>`;

function remarksSection(remarks: readonly string[]): Markup {
  if (remarks.length === 0) return html``;
  const items = remarks.map((remark) => html`<li>${remark}</li>`);
  return html`<section id="remarks"><h2>Remarks</h2><ul class="remarks">${items}</ul></section>`;
}
