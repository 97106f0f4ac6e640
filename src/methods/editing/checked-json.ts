import type { z } from "zod";

/** Makes an error of what was found instead. */
export type JsonFault = (got: string, cause?: unknown) => Error;

/** A text as JSON of a certain shape. @throws what `fault` makes of any other text */
export function checkedJson<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  fault: JsonFault,
): z.output<Schema> {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw fault("text that is no JSON", cause);
  }
  const result = schema.safeParse(found);
  if (result.success) return result.data;
  const { path: where, message } = result.error.issues[0]!;
  throw fault(`"${message}" at ${where.join(".") || "its top"}`);
}
