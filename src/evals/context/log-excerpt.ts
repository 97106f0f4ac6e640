/** How many lines before and after the first error are kept. */
const around = 3;

/**
 * The part of a build's log that says what went wrong: three lines on either side of the first that has "error" in any
 * case, else the last seven.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, CI builds repair (the code was not released)
 */
export function logExcerpt(log: string): string {
  const lines = log.replace(/\r?\n$/, "").split(/\r?\n/);
  const at = lines.findIndex((line) => /error/i.test(line));
  const kept = at < 0 ? lines.slice(-(2 * around + 1)) : lines.slice(Math.max(0, at - around), at + around + 1);
  return kept.join("\n");
}
