import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { type Comment, type ParseResult, parseSync, Visitor } from "oxc-parser";

/** One TypeScript file: its path from the repository's root, with forward slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One import of any kind: static, re-exported, dynamic, or of a type. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** True when nothing of it is left once types are stripped. */
  readonly typeOnly: boolean;
}

/** What a check finds; a warning is printed and does not fail. */
export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly message: string;
  readonly warning?: true;
}

/** The folders with code of ours; `play/` is for scratch and stays unchecked. */
export const checkedFolders = ["src", "test", "scripts", "bench"] as const;

const skipped = new Set(["node_modules", "dist", "golden"]);

/** Every `.ts` and `.tsx` file under the given folders, in a stable order. A missing folder holds no files. */
export function readSources(root: string, folders: readonly string[]): SourceFile[] {
  return folders
    .flatMap((folder) => listFiles(root, folder))
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/** Paths of all files under a folder, sorted; generated folders are left out. */
export function listFiles(root: string, folder: string): string[] {
  let entries: ReturnType<typeof readFolder>;
  try {
    entries = readFolder(join(root, folder));
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : listFiles(root, path);
    return [path];
  });
}

const readFolder = (path: string) =>
  readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));

const parsed = new WeakMap<SourceFile, ParseResult>();

/** The syntax tree of a file, parsed once. Offsets count UTF-16 units, as in JavaScript strings. */
export function parse(file: SourceFile): ParseResult {
  let result = parsed.get(file);
  if (!result) {
    result = parseSync(file.path, file.text);
    parsed.set(file, result);
  }
  return result;
}

/** The line, counted from one, on which an offset lies. */
export function lineAt(file: SourceFile, offset: number): number {
  let line = 1;
  for (let at = file.text.indexOf("\n"); at !== -1 && at < offset; at = file.text.indexOf("\n", at + 1)) line++;
  return line;
}

/** Everything a file imports, types and dynamic imports included. */
export function importsOf(file: SourceFile): Import[] {
  const { module, program } = parse(file);
  const found: { specifier: string; start: number; typeOnly: boolean }[] = [];
  for (const { moduleRequest, entries, start } of module.staticImports) {
    found.push({ specifier: moduleRequest.value, start, typeOnly: isOfTypes(entries) });
  }
  for (const { entries, start } of module.staticExports) {
    const passedOn = entries.filter((entry) => entry.moduleRequest);
    const from = passedOn[0]?.moduleRequest;
    if (from) found.push({ specifier: from.value, start, typeOnly: isOfTypes(passedOn) });
  }
  new Visitor({
    ImportExpression: ({ source, start }) => {
      if (source.type === "Literal") found.push({ specifier: String(source.value), start, typeOnly: false });
    },
    TSImportType: ({ source, start }) => found.push({ specifier: source.value, start, typeOnly: true }),
  }).visit(program);
  return found.map(({ start, ...one }) => ({ ...one, line: lineAt(file, start) }));
}

const isOfTypes = (entries: readonly { readonly isType: boolean }[]): boolean =>
  entries.length > 0 && entries.every(({ isType }) => isType);

/** The comment that ends directly before an offset, with nothing but space between them. */
export function commentBefore(file: SourceFile, offset: number): Comment | undefined {
  const comment = parse(file).comments.findLast(({ end }) => end <= offset);
  return comment && file.text.slice(comment.end, offset).trim() === "" ? comment : undefined;
}

/** True for files that only tests load. */
export const isTest = (path: string): boolean => /\.test(-d)?\.tsx?$/.test(path);

/** The room a path lies in: `src/engine/graph/value.ts` is in `engine`; undefined outside the rooms. */
export function roomOf(path: string): string | undefined {
  const [top, room, ...rest] = path.split("/");
  return top === "src" && room !== undefined && rest.length > 0 ? room : undefined;
}

/**
 * The file of the repository an import leads to: `./x.ts` beside the importer, `#room` to the room's front door.
 * Undefined for packages and Node's own modules.
 */
export function targetOf(from: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(from), specifier);
  return specifier.startsWith("#") ? `src/${specifier.slice(1)}/index.ts` : undefined;
}
