import { AssayError } from "#base";

/** Where a needle lies, counted from 1 as the prompt does. */
export interface Position {
  readonly picture: number;
  readonly row: number;
  readonly column: number;
}

/** A needle's place, or null when its picture is in none of the cells. */
export type Place = Position | null;

const ONE_NEEDLE = /^\d+, \d+, \d+$/;

/**
 * The parts of a truth as the official response files write it: `"3, 2, 4"`, `"0, 0, 0"`, `"1, 2, 8; 10, 3, 5"`.
 *
 * @throws AssayError TRUTH_MALFORMED unless it holds `needles` triples of whole numbers
 */
export function splitTruth(truth: string, needles: number): readonly string[] {
  const parts = truth.split("; ");
  if (parts.length === needles && parts.every((part) => ONE_NEEDLE.test(part))) return parts;
  throw new AssayError(
    "TRUTH_MALFORMED",
    `mmneedle: Expected a truth of ${needles} × "picture, row, column" joined by "; ", got ${JSON.stringify(truth)}`,
  );
}

/** The places that a truth names; a picture numbered 0 is an absent needle. @throws AssayError TRUTH_MALFORMED */
export function readTruth(truth: string, needles: number): readonly Place[] {
  return splitTruth(truth, needles).map((part) => {
    const [picture, row, column] = part.split(", ").map(Number) as [number, number, number];
    return picture === 0 ? null : { picture, row, column };
  });
}

/** Writes places the way the official response files do. */
export function writeTruth(places: readonly Place[]): string {
  return places.map((place) => (place === null ? "0, 0, 0" : writePosition(place))).join("; ");
}

/** Writes one place the way an answer should: `"3, 2, 4"`, or `"-1"` for an absent needle. */
export function writeAnswer(place: Place): string {
  return place === null ? "-1" : writePosition(place);
}

const writePosition = ({ picture, row, column }: Position): string => `${picture}, ${row}, ${column}`;
