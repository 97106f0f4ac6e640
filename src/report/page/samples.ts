import { groupAnchor, sampleAnchor } from "../anchors.ts";
import { countText, fixed } from "../numbers.ts";
import type { SampleGroup, ShownSample } from "../report.ts";
import { html, type Markup } from "./markup.ts";
import { type Asked, askedQuestions, type Outcome, outcomeOf, outcomes } from "./outcome.ts";
import { picturesOf } from "./pictures.ts";
import { shownText } from "./shown-text.ts";

/** The samples behind the numbers, one collapsed part for each group, piece by piece. */
export function* sampleSection(groups: readonly SampleGroup[]): Generator<Markup> {
  if (groups.length === 0) return;
  yield html`<section id="samples"><h2>Samples</h2><p class="lead">What was asked, what came back, and how it was judged.</p>`;
  for (const group of groups) yield* groupDetails(group);
  yield html`</section>`;
}

function* groupDetails(group: SampleGroup): Generator<Markup> {
  const { id, title, total, samples } = group;
  const shown = samples.length < total ? `${countText(samples.length)} of ${countText(total)} shown` : countText(total);
  yield html`<details class="group" id="${groupAnchor(id)}"><summary><span class="name">${title}</span> <span class="count">${shown}</span></summary>${filters(group)}<div class="samples">`;
  const anchors = new Map<string, number>();
  for (const asked of askedQuestions(group)) {
    const anchor = sampleAnchor(id, asked.question.id);
    const seen = (anchors.get(anchor) ?? 0) + 1;
    anchors.set(anchor, seen);
    yield sampleCard(asked, { anchor: seen === 1 ? anchor : `${anchor}-${seen}`, group });
  }
  yield html`</div></details>`;
}

/** Buttons that need the script and are hidden without it. */
function filters({ samples, decides }: SampleGroup): Markup {
  if (samples.length === 0) return html`<p class="lead">No sample of this group is shown.</p>`;
  const counts = Map.groupBy(samples, (sample) => outcomeOf(sample, decides));
  const kinds = (Object.keys(outcomes) as Outcome[]).filter((kind) => counts.has(kind));
  const buttons = kinds.map((kind) => {
    const { sign, word } = outcomes[kind];
    return html`<button type="button" data-outcome="${kind}" aria-pressed="false"><span aria-hidden="true">${sign}</span> ${word} <b>${countText(counts.get(kind)!.length)}</b></button>`;
  });
  return html`<div class="filters" role="group" aria-label="Show answers that are"><button type="button" data-outcome="" aria-pressed="true">all <b>${countText(samples.length)}</b></button>${buttons}${subjectChoice(samples)}<output aria-live="polite"></output></div>`;
}

function subjectChoice(samples: readonly ShownSample[]): Markup {
  const subjects = [...new Set(samples.map(({ subject }) => subject))];
  if (subjects.length < 2) return html``;
  const options = subjects.map((subject) => html`<option value="${subject}">${subject}</option>`);
  return html`<label>Subject <select><option value="">all</option>${options}</select></label>`;
}

function sampleCard({ question, answers }: Asked, { anchor, group }: { anchor: string; group: SampleGroup }): Markup {
  const { id, prompt, truth } = question;
  return html`<article class="sample" id="${anchor}"><h4><a href="#${anchor}">${id}</a></h4>${picturesOf(answers)}
<dl><div><dt>Prompt</dt><dd class="prompt${group.isCode ? " code" : ""}" dir="auto">${shownText(prompt)}</dd></div><div><dt>Truth</dt><dd class="said truth" dir="auto">${shownText(truth)}</dd></div></dl>
<ul class="answers">${answers.map((answer) => answerItem(answer, group))}</ul></article>`;
}

function answerItem(sample: ShownSample, { decides }: SampleGroup): Markup {
  const outcome = outcomeOf(sample, decides);
  const { sign, word } = outcomes[outcome];
  const { subject, answer, score } = sample;
  const said =
    answer === null ? html`<em>no answer</em>` : answer === "" ? html`<em>empty answer</em>` : shownText(answer);
  const scores = Object.entries(score).map(([metric, value]) => html`<li>${metric} <b>${scoreText(value)}</b></li>`);
  return html`<li class="answer ${outcome}" data-outcome="${outcome}" data-subject="${subject}"><p class="who"><span class="sign" aria-hidden="true">${sign}</span> <bdi>${subject}</bdi> <span class="word">${word}</span></p><div class="said" dir="auto">${said}</div><ul class="scores">${scores}</ul></li>`;
}

const scoreText = (value: number | null): string =>
  value === null ? "n/a" : Number.isInteger(value) ? fixed(value, 0) : fixed(value, 3);
