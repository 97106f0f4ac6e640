import { countText, decimalsFor, intervalText } from "../numbers.ts";
import type { ReportedVerdict } from "../report.ts";
import { statusSigns } from "../status.ts";
import { html, type Markup } from "./markup.ts";

/** A card for each claim, with a row for each subject that was judged. */
export function verdictsSection(verdicts: readonly ReportedVerdict[]): Markup {
  if (verdicts.length === 0) return html``;
  const claims = Map.groupBy(verdicts, ({ claim }) => claim);
  const cards = [...claims.values()].map(claimCard);
  return html`<section id="verdicts"><h2>Verdicts</h2>
<p class="lead">Each test was fixed before anything was measured.</p><div class="claims">${cards}</div></section>`;
}

function claimCard(verdicts: readonly ReportedVerdict[]): Markup {
  const { claim, statement, place, certainty } = verdicts[0]!;
  return html`<article class="claim"><header><h3>${statement}</h3>
<p class="source"><code>${claim}</code> · ${place}${certainty && ` · ${certainty}`}</p></header>${verdicts.map(verdictRow)}</article>`;
}

function verdictRow(verdict: ReportedVerdict): Markup {
  const { status, subject, evidence, needed, missing } = verdict;
  const { sign, kind } = statusSigns[status];
  return html`<div class="verdict ${kind}"><p class="status ${kind}"><span class="sign" aria-hidden="true">${sign}</span> ${status}</p><div>
<p class="evidence">${subject !== undefined && html`<b><bdi>${subject}</bdi></b> `}${evidence}</p>
${needed !== undefined && html`<p class="needed">About <b>${countText(needed)}</b> samples would decide.</p>`}
${missing !== undefined && missing.length > 0 && html`<p class="needed">Missing: ${missing.join(", ")}</p>`}${facts(verdict)}</div></div>`;
}

function facts({ interval, n, seeds }: ReportedVerdict): Markup {
  const found = [
    ...(interval === undefined ? [] : [intervalText(interval, decimalsFor(interval))]),
    ...(n === undefined ? [] : [`n = ${countText(n)}`]),
    ...(seeds === undefined ? [] : [seeds === 1 ? "1 seed" : `${seeds} seeds`]),
  ];
  return found.length === 0 ? html`` : html`<p class="facts">${found.join(" · ")}</p>`;
}
