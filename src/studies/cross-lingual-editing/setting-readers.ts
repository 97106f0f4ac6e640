/** How the text of `--set name=value` becomes a value. */
import { z } from "zod";

/** A whole number, no smaller than the least. */
export const wholeNumber = (least: number) => z.coerce.number().int().min(least);

/** A number, no smaller than the least. */
export const number = (least: number) => z.coerce.number().min(least);

/** A list with commas between its parts; lists stay as they are. */
export const listed = (value: unknown) =>
  typeof value === "string"
    ? value
        .split(",")
        .map((part) => part.trim())
        .filter(Boolean)
    : value;

/** Some of a few names, at least one. */
export const listOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z.preprocess(listed, z.array(z.enum(names)).min(1)) as unknown as z.ZodType<Names[number][]>;
