import type { Sample } from "#base";
import type { Plan } from "#runs";
import type { Collection } from "./collection.ts";
import { type Configuration, configurationsOf, nameOf } from "./configurations.ts";
import { countOf, type QuestionOptions, questionsOf } from "./questions.ts";
import { strictSignature } from "./score-file.ts";

/** How many pictures of each side are drawn to learn how large they are. */
const drawnPictures = 3;

/** What the questions of a run would cost, from a few of them drawn and the rest counted. */
export async function planOf(collection: Collection, options: QuestionOptions): Promise<Plan> {
  const plans = await Promise.all(
    configurationsOf(options.settings).map((configuration) => planOne(collection, configuration, options)),
  );
  const total = (pick: (plan: OnePlan) => number) => plans.reduce((sum, plan) => sum + pick(plan), 0);
  return {
    samples: total((plan) => plan.samples),
    calls: total((plan) => plan.samples),
    images: total((plan) => plan.images),
    imageBytes: Math.round(total((plan) => plan.images * plan.bytesEach)),
    inputTokens: Math.round(total((plan) => plan.inputTokens)),
    outputTokens: total((plan) => plan.outputTokens),
    notes: [
      `scored by ${strictSignature({ nullAsWrong: options.settings.nullAsWrong })}`,
      "a picture counts width × height / 750 tokens; providers differ, and most scale large pictures down",
      ...plans.map(({ note }) => note),
    ],
  };
}

interface OnePlan {
  readonly samples: number;
  readonly images: number;
  readonly bytesEach: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly note: string;
}

async function planOne(
  collection: Collection,
  configuration: Configuration,
  options: QuestionOptions,
): Promise<OnePlan> {
  const { settings } = options;
  const samples = countOf(configuration, options);
  const images = samples * configuration.pictures;
  const [first] = questionsOf(collection, configuration, { ...options, limit: 1 });
  const bytesEach = await meanBytes(first!);
  const pictureTokens = (configuration.side * settings.cell) ** 2 / 750;
  const text = first!.question.parts.at(-1);
  const textTokens = text?.type === "text" ? text.text.length / 4 : 0;
  return {
    samples,
    images,
    bytesEach,
    inputTokens: samples * (configuration.pictures * pictureTokens + textTokens),
    // A place takes about ten tokens, whatever an answer may take at most.
    outputTokens: samples * Math.min(settings.maxTokens, 10 * configuration.needles),
    note: `${nameOf(configuration)}: ${samples} samples`,
  };
}

/** Zero when the photos are not there: then there is nothing to send either. */
async function meanBytes({ question }: Sample<string>): Promise<number> {
  const pictures = question.parts.filter((part) => part.type === "image").slice(0, drawnPictures);
  const sizes = await Promise.all(
    pictures.map((picture) =>
      picture.load().then(
        (bytes) => bytes.length,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
}
