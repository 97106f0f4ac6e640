import { figureAnchor } from "../anchors.ts";
import type { Figure } from "../report.ts";
import { html, type Markup, trusted } from "./markup.ts";

/** The figures, side by side where there is room. */
export function figuresSection(figures: readonly Figure[]): Markup {
  if (figures.length === 0) return html``;
  return html`<section id="figures"><h2>Figures</h2><div class="figures">${figures.map(figureOf)}</div></section>`;
}

function figureOf({ id, title, caption, svg }: Figure): Markup {
  const width = /^<svg\b[^>]*?\swidth="([\d.]+)"/.exec(svg)?.[1] ?? "640";
  return html`<figure class="figure" id="${figureAnchor(id)}" style="--width:${width}px"><h3>${title}</h3>
<div class="scroll" tabindex="0" role="region" aria-label="${title}">${trusted(svg)}</div><figcaption>${caption}</figcaption></figure>`;
}
