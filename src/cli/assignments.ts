import { UsageError } from "#base";

/** Collects `--set name=value` options. @throws UsageError BAD_ASSIGNMENT, REPEATED_ASSIGNMENT */
export function collectAssignment(
  text: string,
  earlier: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError("BAD_ASSIGNMENT", `assay: Expected --set name=value, got --set ${text}`);
  const name = text.slice(0, at).trim();
  if (Object.hasOwn(earlier, name)) {
    throw new UsageError(
      "REPEATED_ASSIGNMENT",
      `assay: Expected each setting once, got --set ${name}=… twice; separate values by commas`,
    );
  }
  return { ...earlier, [name]: text.slice(at + 1) };
}

/** Reads a whole number of at least `least`. @throws UsageError BAD_NUMBER */
export function wholeNumber(option: string, least = 0): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (text.trim() !== "" && Number.isSafeInteger(number) && number >= least) return number;
    throw new UsageError(
      "BAD_NUMBER",
      `assay: Expected ${option} to be a whole number of at least ${least}, got "${text}"`,
    );
  };
}

/** Reads a positive number. @throws UsageError BAD_NUMBER */
export function positiveNumber(option: string): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isFinite(number) && number > 0) return number;
    throw new UsageError("BAD_NUMBER", `assay: Expected ${option} to be a number above zero, got "${text}"`);
  };
}

/** Collects a repeatable option. */
export const collect = (text: string, earlier: readonly string[] = []): string[] => [...earlier, text];
