import { createHash } from "node:crypto";
import type { Report } from "../report.ts";
import { html, type Markup, trusted } from "./markup.ts";

/** The numbers of the page as data: to save, and to check that nobody changed one of them by hand. */
export function dataSection({ title, paper, run, verdicts, tables, groups, remarks }: Report): Markup {
  const counts = groups.map(({ id, title, total, samples }) => ({ id, title, total, shown: samples.length }));
  const document = { schema: "assay/report/1", title, paper, run, verdicts, tables, groups: counts, remarks };
  // A `<` could end the element that holds the data.
  const text = JSON.stringify(document).replaceAll("<", "\\u003c");
  const hash = createHash("sha256").update(text).digest("hex");
  return html`<section id="numbers"><h2>Data</h2><p class="lead">Run, verdicts and tables of this page as JSON. SHA-256 <code>${hash}</code></p>
<p class="filters"><button type="button" data-do="save">Save as JSON</button><button type="button" data-do="verify">Check the hash</button><output id="checked" aria-live="polite"></output></p>
<script type="application/json" id="data" data-sha256="${hash}">${trusted(text)}</script></section>`;
}
