import type { PictureMark, ShownPicture, ShownSample } from "../report.ts";
import { html, type Markup, trusted } from "./markup.ts";

/** Kinds of picture that browsers show and that run nothing. */
const shownTypes = new Set(["image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"]);

/** The question's pictures once, with the places that its answers pointed at. */
export function picturesOf(answers: readonly ShownSample[]): Markup {
  const pictures = answers[0]!.pictures;
  if (pictures.length === 0) return html``;
  const marked = pictures.map((picture, at) => pictureOf(picture, marksAt(answers, at)));
  return html`<ul class="pictures">${marked}</ul>${legend(answers)}`;
}

function marksAt(answers: readonly ShownSample[], at: number): PictureMark[] {
  const marks = answers.flatMap(({ pictures }) => pictures[at]?.marks ?? []);
  return [...new Map(marks.map((mark) => [JSON.stringify(mark), mark])).values()];
}

function pictureOf({ title, mediaType, bytes }: ShownPicture, marks: readonly PictureMark[]): Markup {
  if (!shownTypes.has(mediaType)) return html`<li><span class="title">${title} (${mediaType} is not shown)</span></li>`;
  // Base64 needs no escaping, and a picture is large.
  const data = trusted(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"));
  return html`<li><button type="button" class="picture" aria-label="Enlarge ${title}"><img loading="lazy" decoding="async" alt="${title}" src="data:${trusted(mediaType)};base64,${data}">${marks.map(markOf)}</button><span class="title">${title}</span></li>`;
}

const percent = (fraction: number): string => `${(100 * fraction).toFixed(3)}%`;

function markOf({ kind, x, y, width, height, label }: PictureMark): Markup {
  const place = `left:${percent(x)};top:${percent(y)};width:${percent(width)};height:${percent(height)}`;
  return html`<span class="mark at-${kind}" style="${place}" title="${label ?? kind}"></span>`;
}

function legend(answers: readonly ShownSample[]): Markup {
  const marks = answers.flatMap(({ pictures }) => pictures.flatMap(({ marks }) => marks ?? []));
  const kinds = (["truth", "answer"] as const).filter((kind) => marks.some((mark) => mark.kind === kind));
  if (kinds.length === 0) return html``;
  const words = { truth: "where it is", answer: "where the answer points" };
  return html`<p class="legend">${kinds.map((kind) => html`<span><i class="mark at-${kind}"></i> ${words[kind]}</span>`)}</p>`;
}
