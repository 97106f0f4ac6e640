import { suggestion, UsageError } from "#base";
import { type Composer, composers, type Embed } from "./composers.ts";
import { offeredFiles, type RepositoryFile, type TextFile } from "./files.ts";

/** How a context is made. */
export interface ContextOptions {
  readonly composer: string;
  /** `owner__name`, as the context's first line says it. */
  readonly repository: string;
  readonly target: TextFile;
  /** Most characters of the context, which is cut at its beginning; none when absent. */
  readonly limit?: number;
  readonly onlyPython?: boolean;
  readonly seed?: number;
  /** For the composer `embeddings`. */
  readonly embed?: Embed;
  /** Stands behind every name ("METASEP\n"). */
  readonly separator?: string;
}

/** A context and what became of every file. */
export interface ComposedContext {
  readonly text: string;
  /** Files in it, the most useful last, with how many of their characters are left. */
  readonly files: readonly { readonly path: string; readonly characters: number; readonly of: number }[];
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * The files of a repository as one text in front of the file to complete.
 *
 *     repository SEP   path₁ SEP content₁   path₂ SEP content₂   …   target SEP      nothing in between
 *
 * A context that is too long loses its beginning, where the least useful files stand; those that are lost whole are
 * reported as left out.
 *
 * Source   Long Code Arena, project-level code completion
 *
 * @throws UsageError UNKNOWN_COMPOSER
 */
export async function composeContext(
  files: readonly RepositoryFile[],
  { composer, repository, target, limit, onlyPython = false, seed = 0, embed, separator = "METASEP\n" }: ContextOptions,
): Promise<ComposedContext> {
  const compose = composerNamed(composer);
  const { offered, leftOut } = offeredFiles(files, { onlyPython });
  const ordered = await compose(offered, { target, seed, ...(embed && { embed }) });
  const parts = ordered.map(({ path, content }) => ({ path, content, text: path + separator + content }));
  const whole = `${repository}${separator}${parts.map(({ text }) => text).join("")}${target.path}${separator}`;
  const text = limit === undefined || whole.length <= limit ? whole : whole.slice(whole.length - limit);
  const kept = keptOf(parts, text.length - (target.path.length + separator.length));
  return {
    text,
    files: kept.filter(({ characters, of }) => characters > 0 || of === 0),
    leftOut: [
      ...leftOut,
      ...kept
        .filter(({ characters, of }) => characters === 0 && of > 0)
        .map(({ path }) => ({ path, reason: `beyond ${limit} characters` })),
    ],
  };
}

/** How many characters of each file lie within the last `room` characters of all parts. */
function keptOf(parts: readonly (TextFile & { readonly text: string })[], room: number): ComposedContext["files"] {
  const kept: { path: string; characters: number; of: number }[] = [];
  let left = room;
  for (const { path, content, text } of parts.toReversed()) {
    kept.push({ path, characters: Math.max(0, Math.min(content.length, left)), of: content.length });
    left -= text.length;
  }
  return kept.reverse();
}

function composerNamed(name: string): Composer {
  if (Object.hasOwn(composers, name)) return composers[name as keyof typeof composers];
  throw new UsageError(
    "UNKNOWN_COMPOSER",
    `context: Expected the name of a composer, got "${name}"${suggestion(name, Object.keys(composers))}`,
  );
}

/** What a model is to go on with: the context, and the file's lines before the one it is asked for, without their end. */
export function completionPrompt(context: string, lines: readonly string[], line: number): string {
  return `${context}\n${lines.slice(0, line).join("\n")}`;
}

/** The line that a model wrote: the first of its text once line ends around it are gone. */
export const predictedLine = (generated: string): string => generated.replace(/^\n+|\n+$/g, "").split("\n")[0]!;
