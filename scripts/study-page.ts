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

/** What is wrong with a study's README: sections missing, out of order or empty, and files on its map that are not there. */
export function judgePage(readme: string, exists: (path: string) => boolean): string[] {
  const sections = readSections(readme);
  const known = [...sections.keys()].filter((name) => (pageSections as readonly string[]).includes(name));
  const missing = pageSections.filter((name) => !sections.has(name)).map((name) => `has no section "${name}"`);
  const empty = known.filter((name) => sections.get(name)!.trim() === "").map((name) => `says nothing under "${name}"`);
  const ordered = pageSections.filter((name) => sections.has(name));
  const order = known.join() === ordered.join() ? [] : [`has its sections in another order: ${known.join(", ")}`];
  return [...missing, ...empty, ...order, ...judgeMap(sections.get("Map") ?? "", exists)];
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

function judgeMap(map: string, exists: (path: string) => boolean): string[] {
  if (map === "") return [];
  const files = [...map.matchAll(/`([\w./-]+\.tsx?)`/g)].map(([, path]) => path!);
  const gone = files.filter((path) => !exists(path)).map((path) => `maps to ${path}, which is not there`);
  const untested = files.some((path) => path.includes(".test.")) ? [] : ["maps nothing to a test"];
  return [...gone, ...untested];
}
