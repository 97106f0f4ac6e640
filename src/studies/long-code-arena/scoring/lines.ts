/** Lines of a file of answers. */
import { AssayError } from "#base";
import type { AnswerFile } from "../../module.ts";

/** One line, read field by field. */
export class AnswerLine {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #place: string;

  constructor(fields: Readonly<Record<string, unknown>>, place: string) {
    this.#fields = fields;
    this.#place = place;
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }

  /** The text under the first of several names that is there; null stays null. */
  text(...names: string[]): string | null {
    const name = names.find((one) => this.has(one)) ?? names[0]!;
    const value = this.#fields[name];
    return value === null || typeof value === "string" ? value : this.fail(`text or null under "${name}"`, value);
  }

  /** Text that has to be there. */
  required(...names: string[]): string {
    return this.text(...names) ?? this.fail(`text under "${names[0]}"`, null);
  }

  number(name: string): number {
    const value = this.#fields[name];
    return typeof value === "number" ? value : this.fail(`a number under "${name}"`, value);
  }

  texts(name: string): readonly string[] {
    const value = this.#fields[name];
    const isList = Array.isArray(value) && value.every((one) => typeof one === "string");
    return isList ? value : this.fail(`a list of texts under "${name}"`, value);
  }

  fail(expected: string, value: unknown): never {
    const got = value === undefined ? "nothing" : (JSON.stringify(value) ?? String(value)).slice(0, 60);
    throw new AssayError("ANSWERS_INVALID", `${this.#place}: Expected ${expected}, got ${got}`);
  }
}

/** Every line that is not empty. @throws AssayError ANSWERS_INVALID for one that is no JSON object, or a file without any */
export function readLines({ name, text }: AnswerFile): AnswerLine[] {
  const lines = text.split("\n").flatMap((line, at) => {
    if (line.trim() === "") return [];
    const place = `${name}, line ${at + 1}`;
    return [new AnswerLine(parsed(line, place), place)];
  });
  if (lines.length > 0) return lines;
  throw new AssayError("ANSWERS_INVALID", `${name}: Expected one JSON object a line, got an empty file`);
}

function parsed(line: string, place: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new AssayError("ANSWERS_INVALID", `${place}: Expected JSON (${(cause as Error).message})`, { cause });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new AssayError("ANSWERS_INVALID", `${place}: Expected a JSON object, got ${line.slice(0, 40)}`);
}

/** The mean of numbers as a file's metric; nothing where there are none. */
export function meanMetric(name: string, values: readonly number[]): Record<string, { value: number; n: number }> {
  const n = values.length;
  return n === 0 ? {} : { [name]: { value: values.reduce((sum, value) => sum + value, 0) / n, n } };
}
