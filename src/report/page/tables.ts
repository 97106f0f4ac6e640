import { groupLink, tableAnchor } from "../anchors.ts";
import { countText, fixed, intervalText, shortRangeText } from "../numbers.ts";
import type { ComparedTable, MeasuredCell, MeasuredRow } from "../table.ts";
import { html, type Markup } from "./markup.ts";
import { badge } from "./run-card.ts";

/** The paper's tables with the measured rows; `groups` are the ids that a cell can link to. */
export function tablesSection(tables: readonly ComparedTable[], groups: ReadonlySet<string>): Markup {
  if (tables.length === 0) return html``;
  return html`<section id="tables"><h2>Tables</h2>
<p class="lead">Published rows as the paper prints them; a measured row stands among them only where data, prompt, split, scorer and settings are the paper's own.</p>
<label class="switch"><input type="checkbox" id="show-n"> Show n in each cell</label>${tables.map((table) => tableFigure(table, groups))}</section>`;
}

function tableFigure(table: ComparedTable, groups: ReadonlySet<string>): Markup {
  const joined = table.measured.filter(({ apart }) => apart.length === 0);
  const apart = table.measured.filter(({ apart }) => apart.length > 0);
  const context = { table, groups };
  return html`<figure class="table" id="${tableAnchor(table.id)}"><figcaption><h3>${table.title}</h3>
<p>${table.source} · in ${table.unit}${table.published.length > 0 && ` · published numbers: ${table.certainty}`}</p></figcaption>
<div class="scroll" tabindex="0" role="region" aria-label="${table.title}"><table>${tableHead(table)}
<tbody>${table.published.map((row) => publishedRow(row, table))}</tbody>
${joined.length > 0 && html`<tbody class="measured">${joined.map((row) => measuredRow(row, context))}</tbody>`}
${apart.length > 0 && apartRows(apart, context)}</table></div>${apart.length > 0 && reasons(apart)}</figure>`;
}

function tableHead({ columns, spans, rowLabel = "subject" }: ComparedTable): Markup {
  const labels = columns.map((label) => html`<th scope="col">${label}</th>`);
  const first = `${rowLabel[0]!.toUpperCase()}${rowLabel.slice(1)}`;
  if (spans === undefined) return html`<thead><tr><th scope="col">${first}</th>${labels}</tr></thead>`;
  const above = spans.map(({ label, columns }) => html`<th scope="colgroup" colspan="${columns}">${label}</th>`);
  return html`<thead><tr class="spans"><td></td>${above}</tr><tr><th scope="col">${first}</th>${labels}</tr></thead>`;
}

function publishedRow({ subject, cells }: ComparedTable["published"][number], { decimals }: ComparedTable): Markup {
  return html`<tr><th scope="row"><bdi>${subject}</bdi></th>${cells.map((value) => html`<td>${fixed(value, decimals)}</td>`)}</tr>`;
}

interface RowContext {
  readonly table: ComparedTable;
  readonly groups: ReadonlySet<string>;
  /** The number of its note, for a row that stands apart. */
  readonly note?: number;
}

function measuredRow({ subject, kind, cells }: MeasuredRow, context: RowContext): Markup {
  const { note } = context;
  const mark = note === undefined ? html`` : html`<sup>${note}</sup>`;
  const shown = cells.map((cell) => measuredCell(cell, { ...context, subject }));
  return html`<tr><th scope="row"><bdi>${subject}</bdi>${mark}${badge(kind)}</th>${shown}</tr>`;
}

function measuredCell(cell: MeasuredCell | null, { table, groups, subject }: RowContext & { subject: string }): Markup {
  if (cell === null) return html`<td></td>`;
  const { decimals } = table;
  const { value, n, interval, group } = cell;
  const tip = `n = ${countText(n)}${interval ? `; ${intervalText(interval, decimals)}` : ""}`;
  const number =
    group !== undefined && groups.has(group)
      ? html`<a href="${groupLink(group)}" data-subject="${subject}">${fixed(value, decimals)}</a>`
      : html`${fixed(value, decimals)}`;
  const range = interval && html`<small class="interval">${shortRangeText(interval, decimals)}</small>`;
  return html`<td title="${tip}">${number}${range}<small class="n">n = ${countText(n)}</small></td>`;
}

function apartRows(rows: readonly MeasuredRow[], context: RowContext): Markup {
  const width = context.table.columns.length + 1;
  const shown = rows.map((row, at) => measuredRow(row, { ...context, note: at + 1 }));
  return html`<tbody class="apart"><tr class="divider"><th scope="rowgroup" colspan="${width}"><span>Measured here, not comparable with the paper</span></th></tr>${shown}</tbody>`;
}

function reasons(rows: readonly MeasuredRow[]): Markup {
  const items = rows.map(
    ({ subject, apart }) => html`<li><bdi>${subject}</bdi> stands apart: ${apart.join("; ")}</li>`,
  );
  return html`<ol class="reasons">${items}</ol>`;
}
