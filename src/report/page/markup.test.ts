import fc from "fast-check";
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { visible } from "../visible.ts";
import { escapeText, html } from "./markup.ts";

/** Any 16-bit units in a row: control characters and lone surrogates among them. */
const anyText = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) });

test("html`` escapes what is put into it, in elements and in attributes", () => {
  const nasty = `</script><img src=x onerror="alert(1)">'&`;

  const { markup } = html`<p title="${nasty}">${nasty}</p>`;

  const escaped = "&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;";
  expect(markup).toBe(`<p title="${escaped}">${escaped}</p>`);
});

test("html`` takes markup as it is and shows nothing for nothing", () => {
  const inner = html`<b>${1}</b>`;

  expect(html`${inner}${[inner, inner]}${null}${undefined}${false}${""}`.markup).toBe("<b>1</b><b>1</b><b>1</b>");
});

test("escapeText() gives back, once parsed, what can be seen of any text", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const { document } = parseHTML(
        `<!doctype html><html><body><p title="${escapeText(text)}">${escapeText(text)}</p></body></html>`,
      );

      const paragraph = document.querySelector("p")!;
      expect(document.body.children.length).toBe(1);
      expect(paragraph.textContent).toBe(visible(text));
      expect(paragraph.getAttribute("title")).toBe(visible(text));
    }),
  );
});
