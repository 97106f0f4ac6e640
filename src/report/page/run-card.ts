import type { Json } from "#base";
import type { ReportedRun } from "../report.ts";
import { html, type Markup } from "./markup.ts";

/** What was run: identity, subjects, and every setting on demand. */
export function runCard({ id, createdAt, preset, seed, resultHash, subjects, settings, hashes }: ReportedRun): Markup {
  const badges = subjects.map(({ name, kind }) => html`<li><bdi>${name}</bdi>${badge(kind)}</li>`);
  return html`<section id="run" class="card"><h2>Run</h2><dl>
<div><dt>Run</dt><dd><code>${id}</code></dd></div>
<div><dt>Date</dt><dd>${dateText(createdAt)}</dd></div>
<div><dt>Preset</dt><dd>${preset}</dd></div>
<div><dt>Seed</dt><dd class="number">${seed}</dd></div>
<div class="wide"><dt>Subjects</dt><dd><ul class="subjects">${badges}</ul></dd></div>
<div class="wide"><dt>Result hash</dt><dd><code>${resultHash ?? "none: the run has not finished"}</code></dd></div></dl>
<details><summary>Settings and hashes</summary><div class="scroll" tabindex="0" role="region" aria-label="Settings and hashes"><table class="settings"><tbody>
${settingRows(settings)}</tbody><tbody>${settingRows(hashes as Json)}</tbody></table></div></details></section>`;
}

/** A subject's kind; a control is marked, for it is no peer of a model. */
export const badge = (kind: string): Markup =>
  html` <span class="badge${kind === "control" && " control"}">${kind === "retrieval" ? "retrieval baseline" : kind}</span>`;

/** "2026-03-01 14:05 UTC": the same wherever the report is made. */
function dateText(createdAt: string): Markup {
  const date = new Date(createdAt);
  if (Number.isNaN(date.getTime())) return html`${createdAt || "–"}`;
  const iso = date.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")} UTC</time>`;
}

const settingRows = (settings: Json): Markup[] =>
  leaves(settings, "").map(([path, value]) => html`<tr><th scope="row">${path || "value"}</th><td>${value}</td></tr>`);

/** Nested settings as dotted paths, lists of plain values on one line. */
function leaves(value: Json, path: string): [path: string, value: string][] {
  if (value === null || typeof value !== "object") return [[path, String(value)]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, Array.isArray(value) ? "none" : "{}"]];
  const isPlainList = Array.isArray(value) && value.every((item) => item === null || typeof item !== "object");
  if (isPlainList) return [[path, value.join(", ")]];
  return entries.flatMap(([name, inner]) => leaves(inner as Json, path === "" ? name : `${path}.${name}`));
}
