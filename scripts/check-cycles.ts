import { type Import, importsOf, type SourceFile, targetOf, type Violation } from "./sources.ts";

interface Edge extends Import {
  readonly target: string;
}

/** Refuses files that import each other in a circle, imports of types included: a cycle of types is still a cycle. */
export function checkCycles(files: readonly SourceFile[]): Violation[] {
  const known = new Set(files.map(({ path }) => path));
  const graph = new Map(files.map((file) => [file.path, edgesOf(file, known)]));
  const reported = new Set<string>();
  return files.flatMap(({ path }) => {
    const cycle = reported.has(path) ? undefined : shortestCycle(path, graph);
    if (!cycle) return [];
    for (const edge of cycle) reported.add(edge.target);
    const circle = [path, ...cycle.map(({ target }) => target)].join(" → ");
    return [{ file: path, line: cycle[0]!.line, message: `imports go round in a circle: ${circle}` }];
  });
}

function edgesOf(file: SourceFile, known: ReadonlySet<string>): Edge[] {
  return importsOf(file).flatMap((one) => {
    const target = targetOf(file.path, one.specifier);
    return target !== undefined && known.has(target) ? [{ ...one, target }] : [];
  });
}

/** Breadth first from a file back to itself. */
function shortestCycle(start: string, graph: ReadonlyMap<string, readonly Edge[]>): Edge[] | undefined {
  const seen = new Set<string>();
  const paths: Edge[][] = [[]];
  for (const path of paths) {
    for (const edge of graph.get(path.at(-1)?.target ?? start) ?? []) {
      if (edge.target === start) return [...path, edge];
      if (!seen.has(edge.target)) paths.push([...path, edge]);
      seen.add(edge.target);
    }
  }
  return undefined;
}
