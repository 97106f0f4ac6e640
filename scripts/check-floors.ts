import { importsOf, isTest, lineAt, parse, roomOf, type SourceFile, targetOf, type Violation } from "./sources.ts";

/** The floor of every room; a room imports rooms on strictly lower floors. */
export const floors: Readonly<Record<string, number>> = {
  base: 0,
  engine: 1,
  formats: 1,
  runs: 1,
  report: 1,
  sandbox: 1,
  models: 2,
  training: 2,
  corpora: 2,
  methods: 3,
  evals: 3,
  recipes: 4,
  studies: 5,
  web: 6,
  cli: 7,
};

/** Modules that only some folders may import. */
const reserved: readonly { name: string; modules: RegExp; folders: readonly string[]; testsToo: boolean }[] = [
  {
    name: "the file system",
    modules: /^(node:)?fs(\/promises)?$/,
    folders: ["formats", "runs", "report", "sandbox", "training", "web/server", "cli"],
    testsToo: false,
  },
  { name: "ONNX Runtime", modules: /^onnxruntime-/, folders: ["engine/runtime"], testsToo: true },
  { name: "the browser's page", modules: /^react(-dom)?(\/|$)/, folders: ["web/app"], testsToo: true },
];

/**
 * The rules of the floors: only downwards, only through front doors, `../` never leaves a room, studies never import
 * studies, and what touches files, ONNX Runtime or the browser's page stays where it belongs. Imports of types count.
 */
export function checkFloors(files: readonly SourceFile[]): Violation[] {
  const known = new Set(files.map(({ path }) => path));
  return files.flatMap((file) => {
    const problems = importsOf(file).flatMap(({ specifier, line }) =>
      judgeImport(file.path, specifier, known).map((message) => ({ file: file.path, line, message })),
    );
    return [...checkRoom(file), ...problems, ...checkPage(file)];
  });
}

function checkRoom({ path }: SourceFile): Violation[] {
  const room = roomOf(path);
  if (room === undefined || room in floors) return [];
  return [{ file: path, line: 1, message: `"${room}" is no room; give it a floor in scripts/check-floors.ts` }];
}

function judgeImport(path: string, specifier: string, known: ReadonlySet<string>): string[] {
  const room = roomOf(path);
  if (specifier.startsWith("#")) return judgeDoor(room, specifier, known);
  if (/^assay(\/|$)/.test(specifier)) return [`"${specifier}" is the door for others; write #room`];
  const target = targetOf(path, specifier);
  if (target === undefined) return judgePackage(path, specifier);
  if (roomOf(target) !== room || !target.startsWith("src/")) {
    return [`"${specifier}" leaves the room "${room ?? "src"}"; cross rooms by #room`];
  }
  const [study, other] = [studyOf(path), studyOf(target)];
  if (study && other && study !== other) return [`the study "${study}" cannot import the study "${other}"`];
  return [];
}

/** `src/index.ts` belongs to no room: it is the package's own door and may open every room below the web. */
const packageDoorFloor = 6;

function judgeDoor(room: string | undefined, specifier: string, known: ReadonlySet<string>): string[] {
  const target = specifier.slice(1).split("/")[0] ?? "";
  const there = floors[target];
  const here = room === undefined ? packageDoorFloor : floors[room];
  if (there === undefined) return [`"${specifier}" leads to no room`];
  if (here === undefined) return [];
  if (target === room) return [`"${specifier}" is this file's own room; import by a relative path`];
  if (there >= here) {
    return [`"${room ?? "src/index.ts"}" stands on floor ${here} and cannot import "${target}" on floor ${there}`];
  }
  const door = `src/${specifier.slice(1)}/index.ts`;
  return known.has(door) ? [] : [`"${specifier}" has no front door ${door}`];
}

function judgePackage(path: string, specifier: string): string[] {
  return reserved
    .filter(({ modules }) => modules.test(specifier))
    .filter(({ testsToo }) => testsToo || !isTest(path))
    .filter(({ folders }) => !folders.some((folder) => path.startsWith(`src/${folder}/`)))
    .map(({ name, folders }) => `"${specifier}": ${name} belongs to ${folders.join(", ")}`);
}

const studyOf = (path: string): string | undefined => /^src\/studies\/([^/]+)\//.exec(path)?.[1];

/** One reference to the library "dom", or one .tsx, gives every file of the program the browser's types. */
function checkPage(file: SourceFile): Violation[] {
  if (file.path.startsWith("src/web/app/")) return [];
  if (file.path.endsWith(".tsx")) return [{ file: file.path, line: 1, message: ".tsx belongs to web/app" }];
  return parse(file)
    .comments.filter(({ value }) => /^\/\s*<reference\s+lib="dom/.test(value))
    .map(({ start }) => ({ file: file.path, line: lineAt(file, start), message: "DOM types belong to web/app" }));
}
