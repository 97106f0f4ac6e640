import type { ImagePart, Question } from "#base";

/** A question that asks for captions among the cells of pictures. */
export interface NeedleQuestion {
  readonly pictures: readonly ImagePart[];
  /** Cells along each side of a picture. */
  readonly side: number;
  readonly captions: readonly string[];
}

/** Where a caption was found, all counted from 1; null where nothing matches. */
export type FoundCell = { readonly picture: number; readonly row: number; readonly column: number } | null;

/**
 * Reads a question as its text states it: pictures of `N*N subimages`, and lines that begin with `Caption`. Undefined for
 * every other question.
 */
export function readNeedleQuestion({ parts }: Question): NeedleQuestion | undefined {
  const pictures = parts.filter((part) => part.type === "image");
  const text = parts.map((part) => (part.type === "text" ? part.text : "")).join("");
  const side = Number(/divided into (\d+)\*\1 subimages?/.exec(text)?.[1]);
  const captions = Array.from(text.matchAll(/\nCaption(?:_\d+)?: (.*)/g), ([, caption]) => caption!);
  return pictures.length > 0 && side > 0 && captions.length > 0 ? { pictures, side, captions } : undefined;
}

/** The answer in the form that the question asks for. */
export function writeFoundCells(found: readonly FoundCell[]): string {
  return found.map((cell) => (cell === null ? "-1" : `${cell.picture}, ${cell.row}, ${cell.column}`)).join("; ");
}
