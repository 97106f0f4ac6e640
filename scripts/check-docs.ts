import { type Declaration, exportsOf, findDeclaration } from "./exports-of.ts";
import { lineAt, parse, type SourceFile, type Violation } from "./sources.ts";

/** Every name that a front door shows to others has a doc comment where it is declared. */
export function checkDocs(files: readonly SourceFile[]): Violation[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const undocumented = new Map<string, Violation>();
  for (const { path, name } of shownNames(files)) {
    const declaration = findDeclaration(byPath, path, name);
    if (!declaration || declaration.statements.length === 0 || isDocumented(declaration)) continue;
    const { file, statements } = declaration;
    const message = `"${declaration.name}" is exported by ${path} and has no doc comment`;
    undocumented.set(`${file.path} ${declaration.name}`, {
      file: file.path,
      line: lineAt(file, statements[0]!.start),
      message,
    });
  }
  return [...undocumented.values()];
}

function shownNames(files: readonly SourceFile[]): { path: string; name: string }[] {
  const doors = files.filter(({ path }) => /^src\/(.+\/)?index\.ts$/.test(path));
  return doors.flatMap((file) => exportsOf(file).map(({ name }) => ({ path: file.path, name })));
}

function isDocumented({ file, statements }: Declaration): boolean {
  return statements.some(({ start }) => docBefore(file, start) !== "");
}

/** The text of the doc comment above an offset; line comments in between, such as `biome-ignore`, are passed over. */
function docBefore(file: SourceFile, offset: number): string {
  let end = offset;
  for (const comment of parse(file).comments.toReversed()) {
    if (comment.end > end) continue;
    if (file.text.slice(comment.end, end).trim() !== "") return "";
    if (comment.type === "Block") return comment.value.startsWith("*") ? comment.value.replace(/[*\s]/g, "") : "";
    end = comment.start;
  }
  return "";
}
