import { z } from "zod";
import { readTextFile } from "../files/text-file.ts";
import type { PlacedCaption } from "./caption.ts";
import { tableFault } from "./rows.ts";

const number = z.union([z.int(), z.string()]);
const form = z.object({
  images: z.array(z.object({ id: number, file_name: z.string() })),
  annotations: z.array(z.object({ image_id: number, caption: z.string() })),
});

type Coco = z.infer<typeof form>;

/**
 * The captions of a COCO file, in the order of its images; of several annotations of one image the last one counts.
 *
 * Source   MMNeedle, file_to_caption.py
 *
 * @throws AssayError FILE_MISSING, TABLE_INVALID
 */
export function readCocoCaptions(file: string): PlacedCaption[] {
  const { images, annotations } = parse(file);
  const captions = new Map(annotations.map(({ image_id, caption }) => [image_id, caption]));
  const known = new Set<number | string>();
  for (const [at, { id, file_name }] of images.entries()) {
    const twice = known.has(id) && `Expected each image once, got the id ${id} again`;
    const bare = !captions.has(id) && `Expected an annotation of ${file_name} (id ${id}), got none`;
    if (twice || bare) throw tableFault(file, { problem: `images, entry ${at + 1}: ${twice || bare}` });
    known.add(id);
  }
  const stray = annotations.findIndex(({ image_id }) => !known.has(image_id));
  if (stray < 0) return images.map(({ id, file_name }) => ({ file: file_name, caption: captions.get(id)! }));
  const problem = `Expected a known image, got the id ${annotations[stray]!.image_id}`;
  throw tableFault(file, { problem: `annotations, entry ${stray + 1}: ${problem}` });
}

function parse(file: string): Coco {
  let value: unknown;
  try {
    value = JSON.parse(readTextFile(file));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw tableFault(file, { problem: `Expected COCO captions in JSON, got a syntax error (${cause.message})`, cause });
  }
  const result = form.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  const where = path.map((part) => (typeof part === "number" ? `entry ${part + 1}` : String(part))).join(", ");
  const problem = `Expected COCO captions (images with id and file_name, annotations with image_id and caption)`;
  throw tableFault(file, { problem: `${problem}, got something else at ${where || "the top"} (${message})` });
}
