import type { VerdictStatus } from "#base";
import type { Report } from "../report.ts";
import { statusSigns } from "../status.ts";
import { html, type Markup } from "./markup.ts";

/** Title, question, paper, what came out at a glance, and where to find the rest. */
export function opening(report: Report): Markup {
  const { title, question, paper } = report;
  return html`<a class="skip" href="#content">Skip to the results</a><header class="opening">
<p class="kicker">Assay · does this claim hold?</p><h1>${title}</h1><p class="question">${question}</p>
<p class="paper"><cite>${paper.title}</cite>${paper.authors && ` · ${paper.authors}`}${paper.venue && ` · ${paper.venue}`}${paperLink(paper.link)}</p>
${glance(report)}${contents(report)}</header>`;
}

/** Only addresses of the web become links: a `javascript:` one would run. */
function paperLink(link: string): Markup {
  if (link === "") return html``;
  return /^https?:\/\//i.test(link)
    ? html` · <a href="${link}" rel="noopener noreferrer">${link.replace(/^https?:\/\//i, "")}</a>`
    : html` · ${link}`;
}

function glance({ verdicts }: Report): Markup {
  if (verdicts.length === 0) return html``;
  const statuses = Object.keys(statusSigns) as VerdictStatus[];
  const counts = statuses.map((status) => ({ status, count: verdicts.filter((one) => one.status === status).length }));
  const items = counts
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => {
      const { sign, kind } = statusSigns[status];
      return html`<li class="status ${kind}"><span class="sign" aria-hidden="true">${sign}</span><b>${count}</b> ${status}</li>`;
    });
  return html`<ul class="glance" aria-label="Verdicts at a glance">${items}</ul>`;
}

function contents({ verdicts, tables, figures, groups, remarks }: Report): Markup {
  const entries = [
    { id: "run", name: "Run", count: 1 },
    { id: "verdicts", name: "Verdicts", count: verdicts.length },
    { id: "tables", name: "Tables", count: tables.length },
    { id: "figures", name: "Figures", count: figures.length },
    { id: "samples", name: "Samples", count: groups.length },
    { id: "remarks", name: "Remarks", count: remarks.length },
    { id: "numbers", name: "Data", count: 1 },
  ].filter(({ count }) => count > 0);
  return html`<nav aria-label="Contents"><ul>${entries.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>`;
}
