import type { Sample } from "#base";
import type { Collection } from "./collection.ts";
import { type Configuration, groupOf, sampleIdOf, samplesOf, splits } from "./configurations.ts";
import { controlsOf } from "./controls.ts";
import { firstOf, type Haystack } from "./haystacks.ts";
import { MosaicPainter } from "./pictures.ts";
import { renderPrompt } from "./prompt.ts";
import type { Settings } from "./settings.ts";

/** What decides the questions of a run besides the pictures. */
export interface QuestionOptions {
  readonly settings: Settings;
  readonly seed: number;
  /** The first N of each split. */
  readonly limit?: number | undefined;
}

/** How many questions a configuration asks. */
export function countOf(configuration: Configuration, { settings, limit }: QuestionOptions): number {
  const { positive, negative, mixed } = samplesOf(configuration, { settings, ...(limit !== undefined && { limit }) });
  return positive + negative + mixed;
}

/**
 * The questions of one configuration: M pictures in order, then the text, in one turn without a system prompt.
 *
 * Source   Wang et al. 2025, MMNeedle, §4.1; needle.py at commit debcaae
 */
export function* questionsOf(
  collection: Collection,
  configuration: Configuration,
  options: QuestionOptions,
): Generator<Sample<string>> {
  const { settings, limit } = options;
  const haystacks = collection.haystacks(configuration);
  const painter = new MosaicPainter(collection, { index: haystacks.mosaics, settings });
  const counts = samplesOf(configuration, { settings, ...(limit !== undefined && { limit }) });
  for (const split of splits) {
    for (const haystack of firstOf(haystacks, split, counts[split])) {
      yield questionOf(haystack, { collection, painter, configuration, options });
    }
  }
}

interface Making {
  readonly collection: Collection;
  readonly painter: MosaicPainter;
  readonly configuration: Configuration;
  readonly options: QuestionOptions;
}

function questionOf(haystack: Haystack, { collection, painter, configuration, options }: Making): Sample<string> {
  const { pictures, side } = configuration;
  const id = sampleIdOf(configuration, haystack.id);
  const captions = haystack.targets.map((target) => collection.captionOf(target));
  const text = renderPrompt({ pictures, side, captions });
  return {
    id,
    group: groupOf(configuration, haystack.split),
    repeat: 0,
    truth: haystack.truth,
    question: {
      parts: [...haystack.mosaics.map((number) => painter.part(number)), { type: "text", text }],
      sampling: { maxTokens: options.settings.maxTokens },
      controls: controlsOf(haystack, { configuration, id, seed: options.seed }),
    },
  };
}
