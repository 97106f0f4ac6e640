import { type Declaration, declaredNames, exportsOf, findDeclaration, importedNames } from "./exports-of.ts";
import { importsOf, isTest, parse, type SourceFile, targetOf } from "./sources.ts";
import { type SyntaxNode, walk } from "./walk.ts";

type Files = ReadonlyMap<string, SourceFile>;

/**
 * What no test exercises: each function that a front door shows and no test names, and each file with functions or
 * classes that nothing tested loads. A class may come from a function that a test names. A test that reaches a file
 * another way, by the command line or over HTTP, says so: `// Exercises: src/x.ts`.
 */
export function untested(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const tests = files.filter(({ path }) => isOfTests(path));
  const reached = new Set(tests.flatMap((file) => [...namesReached(file, byPath), ...filesReached(file)]));
  const loaded = loadedBy(
    [...reached].map((entry) => entry.split(" ")[0]!),
    byPath,
  );
  const acting = files.filter(({ path }) => path.startsWith("src/") && !isOfTests(path)).filter(actsAtAll);
  return [
    ...shownFunctions(byPath).filter((entry) => !reached.has(entry) && !reached.has(entry.split(" ")[0]!)),
    ...acting.map(({ path }) => path).filter((path) => !loaded.has(path)),
  ];
}

const isOfTests = (path: string): boolean => isTest(path) || path.startsWith("test/");

const actsAtAll = (file: SourceFile): boolean => actingNames(file).length > 0;

/** The functions and classes that a file declares and exports. */
export function actingNames(file: SourceFile): string[] {
  const exported = parse(file).program.body.flatMap((statement) => {
    const named = statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration";
    return named && statement.declaration ? [statement.declaration as unknown as SyntaxNode] : [];
  });
  return exported.flatMap((declaration) => {
    const { type } = declaration;
    if (type === "FunctionDeclaration" || type === "ClassDeclaration") return declaredNames(declaration);
    if (type !== "VariableDeclaration") return [];
    const declarators = declaration.declarations as { id: { name: string }; init: SyntaxNode | null }[];
    return declarators.filter(({ init }) => init && isFunction(init)).map(({ id }) => id.name);
  });
}

const isFunction = ({ type }: SyntaxNode): boolean =>
  type === "ArrowFunctionExpression" || type === "FunctionExpression";

/** `path name` of every function that a front door shows, where it is declared. */
function shownFunctions(byPath: Files): string[] {
  const doors = [...byPath.values()].filter(({ path }) => /^src\/(.+\/)?index\.ts$/.test(path));
  const entries = doors.flatMap((door) =>
    exportsOf(door).flatMap(({ name }) => {
      const declaration = findDeclaration(byPath, door.path, name);
      if (!declaration || !actingNames(declaration.file).includes(declaration.name) || isClass(declaration)) return [];
      return [`${declaration.file.path} ${declaration.name}`];
    }),
  );
  return [...new Set(entries)];
}

const isClass = ({ statements }: Declaration): boolean =>
  statements.some((statement) => "declaration" in statement && statement.declaration?.type === "ClassDeclaration");

/** `path name` of all that a test imports, at its declaration, however many doors passed it on. */
function namesReached(test: SourceFile, byPath: Files): string[] {
  return [...importedNames(test).values()].flatMap(({ specifier, name }) => {
    const declaration = findDeclaration(byPath, targetOf(test.path, specifier) ?? "", name);
    return declaration ? [`${declaration.file.path} ${declaration.name}`] : [];
  });
}

/** Files that a test takes as a whole: `import *`, `await import()`, or by saying that it exercises them. */
function filesReached(test: SourceFile): string[] {
  const whole = [...importedNames(test).values()].filter(({ name }) => name === "*").map(({ specifier }) => specifier);
  const dynamic = [...walk(parse(test).program)].flatMap(({ node }) => {
    const source = node.type === "ImportExpression" ? (node.source as { value?: unknown }).value : undefined;
    return typeof source === "string" ? [source] : [];
  });
  const said = parse(test).comments.flatMap(({ value }) => value.split("Exercises:")[1] ?? []);
  return [
    ...[...whole, ...dynamic].flatMap((specifier) => targetOf(test.path, specifier) ?? []),
    ...said.flatMap((list) => list.match(/src\/[\w./-]+\.tsx?/g) ?? []),
  ];
}

/** The given files and all that they load when they run; imports of types load nothing. */
function loadedBy(start: readonly string[], byPath: Files): Set<string> {
  const loaded = new Set(start);
  for (const path of loaded) {
    const file = byPath.get(path);
    const imports = file ? importsOf(file).filter(({ typeOnly }) => !typeOnly) : [];
    for (const { specifier } of imports) loaded.add(targetOf(path, specifier) ?? "");
  }
  return loaded;
}
