import { join } from "node:path";
import { type Pixels, readPackedPixels, readRows } from "#formats";

/** A photo of a hand that shows a digit. */
export interface SignDigit {
  /** The file that it came from. */
  readonly name: string;
  /** 0 to 9 */
  readonly label: number;
  readonly split: "train" | "test";
  readonly pixels: Pixels;
}

/** The digits, as classes. */
export const signDigitClasses = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

/**
 * 1,000 photos of hands, 100 a digit, 48 × 48 pixels; a fifth is for the test, split by photo and not by person.
 *
 * Source   Mavi 2020, A New Dataset and Proposed Convolutional Neural Network Architecture for Classification of American
 *          Sign Language Digits (arXiv:2011.08927); Apache 2.0
 *
 * @param folder the one that holds `signdigits-48x48.rgb.gz` and `signdigits.csv`
 * @throws AssayError FILE_MISSING, PIXELS_INVALID
 */
export async function signDigits(folder: string): Promise<SignDigit[]> {
  const pixels = readPackedPixels(join(folder, "signdigits-48x48.rgb.gz"), { width: 48, height: 48 });
  const found: SignDigit[] = [];
  for await (const row of readRows(join(folder, "signdigits.csv"))) {
    found.push({
      name: String(row.source_file),
      label: Number(row.digit),
      split: row.split === "test" ? "test" : "train",
      pixels: pixels[Number(row.row)]!,
    });
  }
  return found;
}
