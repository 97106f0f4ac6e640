import { UsageError } from "#base";

/** What one prompt speaks of. */
export interface PromptOptions {
  /** M, the number of pictures sent before the text. */
  readonly pictures: number;
  /** N, the cells along each side of a picture. */
  readonly side: number;
  /** One caption for each of the K needles, sent as they are: surrounding spaces belong to them. */
  readonly captions: readonly string[];
}

/**
 * The instruction that follows the pictures, word for word as the official code sends it.
 *
 * Only the noun after N*N becomes singular when N is 1; "the subimage" later does not follow it.
 *
 * Deviation: the paper prints "sub-image", "N × N", double quotes and "Caption 1:"; the code that made the published
 * numbers is followed instead.
 *
 * Source   Wang et al. 2025, MMNeedle, Appendix A; needle.py at commit debcaae
 *
 * @example renderPrompt({ pictures: 1, side: 2, captions: ["A clock that is standing on a table."] })
 * @throws UsageError PROMPT_IMPOSSIBLE without a picture, a cell or a caption
 */
export function renderPrompt({ pictures, side, captions }: PromptOptions): string {
  const needles = captions.length;
  if (![pictures, side, needles].every((count) => Number.isSafeInteger(count) && count >= 1)) {
    throw new UsageError(
      "PROMPT_IMPOSSIBLE",
      `renderPrompt: Expected at least one picture, one cell and one caption, got pictures ${pictures}, side ${side}, captions ${needles}`,
    );
  }
  const images = pictures > 1 ? "images" : "image";
  const subimages = side > 1 ? "subimages" : "subimage";
  const given = `Given ${pictures} ${images} indexed from 1 to ${pictures}, each divided into ${side}*${side} ${subimages}, `;
  return given + (needles === 1 ? askForOne(captions[0]!) : askForMany(captions));
}

const EXAMPLE = "For example, '1, 2, 3' indicates the subimage in the first image, second row, and third column.";

function askForOne(caption: string): string {
  const task = "identify the subimage that best matches the provided caption.";
  const form = "Respond with 'index, row, column' and nothing else.";
  return `${task} ${form} ${EXAMPLE} If no match is found, respond only with '-1'.\nCaption: ${caption}`;
}

function askForMany(captions: readonly string[]): string {
  const task = `identify the subimages that best match the provided ${captions.length} captions.`;
  const fields = captions.map((_, at) => `index_${at + 1}, row_${at + 1}, column_${at + 1}`).join("; ");
  const form = `Respond in the format: ${fields}. Only provide this information.`;
  const absent = "If no subimage matches a caption, respond with '-1' for that caption.";
  const listed = captions.map((caption, at) => `\nCaption_${at + 1}: ${caption}`).join("");
  return `${task} ${form} ${EXAMPLE} ${absent}${listed}`;
}
