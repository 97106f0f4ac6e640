import { posix } from "node:path";
import { pythonQuery } from "#formats";

const imports = `
  (import_statement (dotted_name) @module)
  (import_from_statement (dotted_name) @module)
  (import_statement (aliased_import) @module)
  (import_from_statement (aliased_import) @module)
`;

/**
 * Which of several files a Python text imports, by their dotted names.
 *
 * A file counts when its dotted path holds an imported name with a dot, or stands inside one.
 *
 * Source   Long Code Arena, project-level code completion, imports first composer
 */
export async function importedPaths(code: string, paths: readonly string[]): Promise<Set<string>> {
  const find = await pythonQuery(imports);
  const modules = find(code).captures.flatMap(({ text }) => (text.includes(".") ? [text] : []));
  const isImported = (path: string) => {
    const own = moduleOf(path);
    return modules.some((module) => own.includes(module) || module.includes(own));
  };
  return new Set(paths.filter(isImported));
}

/** `src/pack/part.py` as Python would write it: `src.pack.part`. */
function moduleOf(path: string): string {
  const { dir, name } = posix.parse(path);
  return [...(dir === "" ? [] : dir.split("/")), name].join(".").replace(/^\.+/, "");
}
