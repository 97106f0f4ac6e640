import { exportsOf } from "./exports-of.ts";
import type { SourceFile, Violation } from "./sources.ts";

/** What package.json says of one door. */
export interface Door {
  /** Where the code lies in a checkout. The condition has a name of our own: packages may have a `source` too. */
  readonly "assay-source": string;
  readonly types: string;
  readonly default: string;
}

/** The rooms that others may import; the web and the command line are started, not imported. */
const rooms = "base corpora engine evals formats methods models recipes report runs sandbox studies training".split(
  " ",
);

/** Rooms in which every folder has a door of its own, and the one folder elsewhere that has. */
const folders = [/^src\/(methods|models|studies)\/[^/]+\/index\.ts$/, /^src\/evals\/metrics\/index\.ts$/];

/** The package's doors as the folders have them: every front door of a room, and one per model, method and study. */
export function doorsOf(files: readonly SourceFile[]): Record<string, Door | string> {
  const doors: Record<string, Door | string> = {};
  for (const path of files.map((file) => file.path).filter(isDoor)) {
    const place = path.slice("src/".length, -"index.ts".length);
    doors[place === "" ? "." : `./${place.slice(0, -1)}`] = {
      "assay-source": `./src/${place}index.ts`,
      types: `./dist/${place}index.d.ts`,
      default: `./dist/${place}index.js`,
    };
  }
  const sorted = Object.entries(doors).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...Object.fromEntries(sorted), "./package.json": "./package.json" };
}

const isDoor = (path: string): boolean =>
  path === "src/index.ts" ||
  rooms.some((room) => path === `src/${room}/index.ts`) ||
  folders.some((folder) => folder.test(path));

/** What package.json opens agrees with the folders, and every front door is an explicit list. */
export function checkExports(files: readonly SourceFile[], packageJson: string): Violation[] {
  return [...checkDoors(files, packageJson), ...files.flatMap(checkList), ...checkFolders(files)];
}

function checkDoors(files: readonly SourceFile[], packageJson: string): Violation[] {
  const written: Record<string, unknown> = JSON.parse(packageJson).exports ?? {};
  const expected = doorsOf(files);
  const names = [...new Set([...Object.keys(expected), ...Object.keys(written)])];
  const wrong = names.filter((name) => JSON.stringify(written[name]) !== JSON.stringify(expected[name]));
  return wrong.map((name) => {
    const at = packageJson.split("\n").findIndex((line) => line.includes(`"${name}":`));
    const problem = name in expected ? "is not opened as its folder asks" : "leads to no index.ts";
    return { file: "package.json", line: at + 1 || 1, message: `exports: "${name}" ${problem}; run npm run exports` };
  });
}

function checkList(file: SourceFile): Violation[] {
  if (!/^src\/(.+\/)?index\.ts$/.test(file.path)) return [];
  const stars = exportsOf(file).filter(({ name }) => name === "*");
  return stars.map(({ line }) => ({ file: file.path, line, message: "a front door lists its names; no export *" }));
}

/** Every model, method and study has a front door, or it could not be opened at all. */
function checkFolders(files: readonly SourceFile[]): Violation[] {
  const known = new Set(files.map(({ path }) => path));
  const items = files.flatMap(({ path }) => /^src\/(methods|models|studies)\/[^/]+\//.exec(path)?.[0] ?? []);
  const closed = [...new Set(items)].filter((folder) => !known.has(`${folder}index.ts`));
  return closed.map((folder) => ({ file: folder, line: 1, message: "the folder has no index.ts" }));
}
