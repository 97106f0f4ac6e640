import { thumbnail } from "#formats";
import type { PictureMark, SampleGroup, ShownPicture, ShownSample } from "#report";
import type { AnsweredSample, Run } from "#runs";
import type { Collection } from "./collection.ts";
import { type Configuration, configurationsOf, groupOf, sampleIdOf, splits } from "./configurations.ts";
import type { Haystack } from "./haystacks.ts";
import type { Split } from "./needles.ts";
import { parseLenient } from "./parser-lenient.ts";
import { MosaicPainter } from "./pictures.ts";
import { byCell } from "./positions.ts";
import { renderPrompt } from "./prompt.ts";
import type { Settings } from "./settings.ts";
import { type Position, readTruth } from "./truth.ts";

/** How many samples a group shows; all of them are counted. */
const shownOfGroup = 6;
const shownOfCell = 2;
const thumbnailEdge = 224;

/** What the samples of a report are drawn from. */
export interface Showing {
  readonly run: Run;
  readonly collection: Collection;
  readonly settings: Settings;
  readonly pictures: boolean;
}

/** The group of samples whose needle lies in one cell of any picture. */
export const cellGroup = (configuration: Configuration, cell: string): string =>
  `${groupOf(configuration, "positive")}/${cell}`;

/** The samples behind every number: by split, and for one present needle by its cell. */
export async function sampleGroups(showing: Showing): Promise<SampleGroup[]> {
  const groups: SampleGroup[] = [];
  for (const configuration of configurationsOf(showing.settings)) {
    const shower = new SampleShower(configuration, showing);
    for (const split of splits) groups.push(...(await shower.split(split)));
    if (configuration.needles === 1 && configuration.side > 1) groups.push(...(await shower.cells()));
  }
  return groups;
}

/** Shows samples of one configuration, every subject's answer to each. */
class SampleShower {
  readonly #configuration: Configuration;
  readonly #showing: Showing;
  readonly #painter: MosaicPainter;
  readonly #byId: ReadonlyMap<string, Haystack>;

  constructor(configuration: Configuration, showing: Showing) {
    const { collection, settings } = showing;
    const haystacks = collection.haystacks(configuration);
    this.#configuration = configuration;
    this.#showing = showing;
    this.#painter = new MosaicPainter(collection, { index: haystacks.mosaics, settings });
    this.#byId = new Map([...haystacks].map((haystack) => [sampleIdOf(configuration, haystack.id), haystack]));
  }

  async split(split: Split): Promise<SampleGroup[]> {
    const group = groupOf(this.#configuration, split);
    const answers = this.#answers(split);
    if (answers.size === 0) return [];
    const samples = await this.#show([...answers.values()].slice(0, shownOfGroup));
    const decides = split === "positive" ? "exact" : split === "negative" ? "existence" : "lenientExact";
    return [{ id: group, title: `${this.#title()}, ${split}`, total: answers.size, samples, decides }];
  }

  async cells(): Promise<SampleGroup[]> {
    const byPlace = Map.groupBy(this.#answers("positive").values(), ([first]) =>
      byCell(readTruth(first!.truth, 1)[0]!),
    );
    const groups = [...byPlace].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
    return Promise.all(
      groups.map(async ([cell, questions]) => ({
        id: cellGroup(this.#configuration, cell),
        title: `${this.#title()}, needle in row ${cell.slice(1).replace("c", ", column ")}`,
        total: questions.length,
        samples: await this.#show(questions.slice(0, shownOfCell)),
        decides: "exact",
      })),
    );
  }

  #title(): string {
    const { pictures, side, needles } = this.#configuration;
    return `M = ${pictures}, N = ${side}, K = ${needles}`;
  }

  /** Answers by question, every subject's beside each other. */
  #answers(split: Split): Map<string, AnsweredSample<string>[]> {
    const answers = this.#showing.run.answers<string>({ group: groupOf(this.#configuration, split) });
    return Map.groupBy(answers, ({ sample }) => sample);
  }

  async #show(questions: readonly (readonly AnsweredSample<string>[])[]): Promise<ShownSample[]> {
    const shown = await Promise.all(questions.map((answers) => this.#showOne(answers)));
    return shown.flat();
  }

  async #showOne(answers: readonly AnsweredSample<string>[]): Promise<ShownSample[]> {
    const [{ sample, truth }] = answers as [AnsweredSample<string>];
    const { pictures, side, needles } = this.#configuration;
    const haystack = this.#byId.get(sample)!;
    const captions = haystack.targets.map((target) => this.#showing.collection.captionOf(target));
    const prompt = renderPrompt({ pictures, side, captions });
    const drawn = this.#showing.pictures ? await this.#pictures(haystack, answers) : [];
    return answers.map(({ subject, text, score }) => {
      const applies = Object.entries(score).filter(([metric]) => metric !== "compared" && metric !== "empty");
      return {
        id: sample,
        subject,
        prompt,
        pictures: drawn,
        truth: readable(truth, needles),
        answer: text,
        score: Object.fromEntries(applies),
      };
    });
  }

  /** The pictures that hold a needle or were named by an answer, with the cells marked. */
  async #pictures(haystack: Haystack, answers: readonly AnsweredSample<string>[]): Promise<ShownPicture[]> {
    const marks = this.#marks(haystack, answers);
    const numbers = [...new Set(marks.map(({ picture }) => picture))].sort((a, b) => a - b);
    return Promise.all(
      (numbers.length > 0 ? numbers : [1]).map(async (picture) => ({
        title: `picture ${picture} of ${this.#configuration.pictures}`,
        mediaType: "image/jpeg",
        bytes: await thumbnail(await this.#painter.paint(haystack.mosaics[picture - 1]!), thumbnailEdge),
        marks: marks.filter((mark) => mark.picture === picture).map(({ mark }) => mark),
      })),
    );
  }

  #marks({ places }: Haystack, answers: readonly AnsweredSample<string>[]): { picture: number; mark: PictureMark }[] {
    const { pictures, side, needles } = this.#configuration;
    const isInside = ({ picture, row, column }: Position) =>
      Math.min(picture, row, column) >= 1 && picture <= pictures && row <= side && column <= side;
    const marked = (place: Position, kind: PictureMark["kind"], label?: string) => ({
      picture: place.picture,
      mark: { kind, ...boxOf(place, side), ...(label !== undefined && { label }) },
    });
    const truths = places.flatMap((place) => (place === null ? [] : [marked(place, "truth")]));
    const answered = answers.flatMap(({ subject, text }) =>
      (parseLenient(text ?? "", needles) ?? [])
        .filter((place) => place !== null && isInside(place))
        .map((place) => marked(place!, "answer", subject)),
    );
    return [...truths, ...answered];
  }
}

const boxOf = ({ row, column }: Position, side: number) => ({
  x: (column - 1) / side,
  y: (row - 1) / side,
  width: 1 / side,
  height: 1 / side,
});

/** `3, 2, 4`, or `absent`. */
const readable = (truth: string, needles: number): string =>
  readTruth(truth, needles)
    .map((place) => (place === null ? "absent" : `${place.picture}, ${place.row}, ${place.column}`))
    .join("; ");
