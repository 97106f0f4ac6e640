import { applyPatch, parsePatch, type StructuredPatch } from "diff";

/** What a patch does to one file. */
export interface FilePatch {
  /** Null where the patch adds the file. */
  readonly oldPath: string | null;
  /** Null where the patch removes the file. */
  readonly newPath: string | null;
  readonly hunks: readonly Hunk[];
}

/** One run of changed lines with its surroundings. */
export interface Hunk {
  /** First line in the old text, counted from 1; 0 where there is none. */
  readonly oldStart: number;
  readonly newStart: number;
  /** The lines with their signs: space, `-`, `+`, and a remark that begins with a backslash. */
  readonly lines: readonly string[];
}

/** Reads a patch in the unified format; undefined when the text is none. */
export function readTextPatch(text: string): FilePatch[] | undefined {
  const found = parsed(text)?.filter(({ hunks }) => hunks.length > 0);
  return found?.map((patch) => ({
    oldPath: pathOf(patch.oldFileName, "a/"),
    newPath: pathOf(patch.newFileName, "b/"),
    hunks: patch.hunks,
  }));
}

function parsed(text: string): StructuredPatch[] | undefined {
  try {
    return parsePatch(recounted(text));
  } catch {
    return undefined;
  }
}

/** The counts of a hunk as its lines say them: people and models miscount. An empty line stands for a context line. */
function recounted(text: string): string {
  const lines = text.split("\n");
  const kept: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const [, from, to, rest] = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@(.*)$/s.exec(lines[at]!) ?? [];
    if (from === undefined) {
      kept.push(lines[at++]!);
      continue;
    }
    const own = hunkAt(lines, at + 1);
    const count = (signs: RegExp) => own.filter((one) => signs.test(one)).length;
    kept.push(`@@ -${from},${count(/^( |-|\r?$)/)} +${to},${count(/^( |\+|\r?$)/)} @@${rest}`, ...own);
    at += 1 + own.length;
    while (/^\r?$/.test(lines[at] ?? "end")) at++;
  }
  return kept.concat("").join("\n");
}

/** A hunk's lines; empty ones at its end stand between it and what follows, and are none of them. */
function hunkAt(lines: readonly string[], start: number): string[] {
  let end = start;
  while (end < lines.length && !isHead(lines, end)) end++;
  while (end > start && /^\r?$/.test(lines[end - 1]!)) end--;
  return lines.slice(start, end);
}

/** What begins a hunk or a file. A removed line may read `--- x` too: then no `+++` and `@@` follow. */
function isHead(lines: readonly string[], at: number): boolean {
  if (/^(@@ |diff |Index: )/.test(lines[at]!)) return true;
  return /^--- \S/.test(lines[at]!) && /^\+\+\+ \S/.test(lines[at + 1] ?? "") && /^@@ /.test(lines[at + 2] ?? "");
}

function pathOf(name: string | undefined, prefix: string): string | null {
  const [first = ""] = name?.split("\t") ?? [];
  const bare = first.trim();
  if (bare === "/dev/null" || bare === "") return null;
  return bare.startsWith(prefix) ? bare.slice(prefix.length) : bare;
}

/** How exactly a patch must fit. */
export interface ApplyTextPatchOptions {
  /** Lines of a hunk's surroundings that may differ; those next to what is inserted must match all the same. */
  readonly fuzz?: number;
}

/** The text that a patch makes, or undefined when it does not fit: hunks are looked for near where they say. */
export function applyTextPatch(
  text: string,
  { hunks }: Pick<FilePatch, "hunks">,
  { fuzz = 0 }: ApplyTextPatchOptions = {},
): string | undefined {
  // A hunk that says a line beyond the end is looked for from the end on.
  const most = text.split("\n").length;
  const counted = hunks.map((hunk) => ({
    ...hunk,
    lines: [...hunk.lines],
    ...lengthsOf(hunk),
    oldStart: Math.min(hunk.oldStart, most),
  }));
  const patch = { oldFileName: "a", newFileName: "b", oldHeader: undefined, newHeader: undefined, hunks: counted };
  const made = applyPatch(text, patch, { fuzzFactor: fuzz, autoConvertLineEndings: true });
  return made === false ? undefined : made;
}

function lengthsOf({ lines }: Hunk): { oldLines: number; newLines: number } {
  const count = (signs: string) => lines.filter((line) => signs.includes(line[0] ?? " ")).length;
  return { oldLines: count(" -"), newLines: count(" +") };
}
