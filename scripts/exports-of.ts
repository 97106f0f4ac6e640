import type { Statement } from "oxc-parser";
import { lineAt, parse, type SourceFile, targetOf } from "./sources.ts";

/** One name that a file exports. */
export interface Export {
  readonly name: string;
  readonly line: number;
  /** Where it comes from when the file only passes it on. */
  readonly from?: { readonly specifier: string; readonly name: string };
  /** Its name inside the file when it is declared there. */
  readonly local?: string;
}

/** Where an exported name is declared. */
export interface Declaration {
  readonly file: SourceFile;
  readonly name: string;
  /** Several for an overloaded function. */
  readonly statements: readonly Statement[];
}

/** The names a file exports, with `*` for `export *`. */
export function exportsOf(file: SourceFile): Export[] {
  const { module } = parse(file);
  const imported = importedNames(file);
  return module.staticExports.flatMap(({ entries, start }) =>
    entries.map(({ exportName, importName, localName, moduleRequest }) => {
      const name = exportName.kind === "Default" ? "default" : (exportName.name ?? "*");
      const line = lineAt(file, start);
      if (moduleRequest) return { name, line, from: { specifier: moduleRequest.value, name: importName.name ?? "*" } };
      const local = localName.name ?? name;
      const from = imported.get(local);
      return from ? { name, line, from } : { name, line, local };
    }),
  );
}

/** Local name → where it was imported from. */
export function importedNames(file: SourceFile): Map<string, { specifier: string; name: string }> {
  const names = new Map<string, { specifier: string; name: string }>();
  for (const { entries, moduleRequest } of parse(file).module.staticImports) {
    for (const { importName, localName } of entries) {
      const name = importName.kind === "Default" ? "default" : (importName.name ?? "*");
      names.set(localName.value, { specifier: moduleRequest.value, name });
    }
  }
  return names;
}

/** Follows a name through every file that passes it on; undefined when it comes from a package. */
export function findDeclaration(
  files: ReadonlyMap<string, SourceFile>,
  path: string,
  name: string,
): Declaration | undefined {
  const file = files.get(path);
  const one = file && exportsOf(file).find((candidate) => candidate.name === name);
  if (!one) return undefined;
  if (one.from) return findDeclaration(files, targetOf(path, one.from.specifier) ?? "", one.from.name);
  const statements = parse(file).program.body.filter((statement) => declaredNames(statement).includes(one.local!));
  return { file, name: one.local!, statements: statements as Statement[] };
}

/** The names that a top-level statement declares; `default` for a default export. */
export function declaredNames(statement: { readonly type: string }): string[] {
  const node = statement as Statement;
  if (node.type === "ExportDefaultDeclaration") {
    return ["default", ...declaredNames(node.declaration)];
  }
  if (node.type === "ExportNamedDeclaration") return node.declaration ? declaredNames(node.declaration) : [];
  if (node.type === "VariableDeclaration") {
    return node.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
  }
  return "id" in node && node.id && "name" in node.id ? [String(node.id.name)] : [];
}
