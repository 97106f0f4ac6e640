/** The sections of a study's README, in this order. */
export const pageSections = [
  "Paper",
  "Question",
  "Run it",
  "Map",
  "What is recorded",
  "Results",
  "Deviations",
  "Details the paper leaves out",
] as const;

/** A file's text by its path; undefined where there is none. */
type Read = (path: string) => string | undefined;

/** What is wrong with a study's README: sections missing, out of order or empty, and files and functions on its map that are not there. */
export function judgePage(readme: string, read: Read): string[] {
  const sections = readSections(readme);
  const known = [...sections.keys()].filter((name) => (pageSections as readonly string[]).includes(name));
  const missing = pageSections.filter((name) => !sections.has(name)).map((name) => `has no section "${name}"`);
  const empty = known.filter((name) => sections.get(name)!.trim() === "").map((name) => `says nothing under "${name}"`);
  const ordered = pageSections.filter((name) => sections.has(name));
  const order = known.join() === ordered.join() ? [] : [`has its sections in another order: ${known.join(", ")}`];
  return [...missing, ...empty, ...order, ...judgeMap(sections.get("Map") ?? "", read)];
}

/** Heading → text below it; `## 4. Map` and `## Map` are the same. */
function readSections(readme: string): Map<string, string> {
  const [, ...parts] = readme.split(/^## +(?:\d+\.? +)?/m);
  return new Map(
    parts.map((part) => {
      const end = part.indexOf("\n");
      return [part.slice(0, end).trim(), part.slice(end + 1)];
    }),
  );
}

function judgeMap(map: string, read: Read): string[] {
  if (map === "") return [];
  const files = filesIn(map);
  const gone = files.filter((path) => read(path) === undefined).map((path) => `maps to ${path}, which is not there`);
  const untested = files.some((path) => path.includes(".test.")) ? [] : ["maps nothing to a test"];
  return [...gone, ...map.split("\n").flatMap((row) => judgeFunctions(row, read)), ...untested];
}

const filesIn = (text: string): string[] => [...text.matchAll(/`([\w./-]+\.tsx?)`/g)].map(([, path]) => path!);

/** Functions of a row that none of its files declares. */
function judgeFunctions(row: string, read: Read): string[] {
  const files = filesIn(row);
  const code = files.map((path) => read(path) ?? "").join("\n");
  return [...row.matchAll(/`(\w+)\(\)`/g)].flatMap(([, name]) => {
    const declares = new RegExp(`\\b(?:function\\*?|const|class) ${name}\\b`);
    return declares.test(code) ? [] : [`maps to ${name}(), declared in none of ${files.join(", ")}`];
  });
}
