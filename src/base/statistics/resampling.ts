import { AssayError } from "../errors.ts";
import type { RandomStream } from "../random/streams.ts";
import { requireCount } from "./checks.ts";

/** Which members of a data set a bootstrap draws together, and what its jackknife leaves out. */
export interface Resampling {
  /** How many members the data has. */
  readonly size: number;
  /** How many independent units it has: members, or clusters of them. */
  readonly units: number;
  /** Positions of a resample: as many units as the data has, drawn with replacement. */
  draw(random: RandomStream): Uint32Array;
  /** Positions of the members of one unit. */
  unit(at: number): Uint32Array;
  /** Positions of all members but those of one unit. */
  without(unit: number): Uint32Array;
}

/** Draws n independent members: the plain bootstrap. @throws AssayError STATISTICS_INPUT for fewer than two */
export function members(n: number): Resampling {
  requireCount("members", n, { least: 2 });
  const all = Uint32Array.from({ length: n }, (_, at) => at);
  return {
    size: n,
    units: n,
    draw: (random) => drawPositions(n, random),
    unit: (at) => all.subarray(at, at + 1),
    without: (unit) => {
      const rest = all.slice(1);
      rest.set(all.subarray(0, unit));
      return rest;
    },
  };
}

/**
 * Draws whole clusters: for members that belong together (questions about one picture, answers of one seed).
 *
 * @param labels for each member the name of its cluster
 * @throws AssayError STATISTICS_INPUT for fewer than two clusters
 */
export function clusters(labels: ArrayLike<string | number>): Resampling {
  const groups = groupsOf("clusters", labels);
  return {
    ...clusterJackknife(groups, labels.length),
    draw: (random) => concatenate(drawGroups(groups, random)),
  };
}

/**
 * Draws clusters, then members within each: for two levels of chance (seeds, and samples of each seed).
 *
 * With few members a cluster it is wider than `clusters`, since the scatter of members is counted at both levels.
 *
 * Source   Davison and Hinkley 1997, Bootstrap Methods and their Application, §3.8, strategy 2
 *
 * @param labels for each member the name of its cluster
 * @throws AssayError STATISTICS_INPUT for fewer than two clusters
 */
export function clustersThenMembers(labels: ArrayLike<string | number>): Resampling {
  const groups = groupsOf("clustersThenMembers", labels);
  const drawWithin = (group: Uint32Array, random: RandomStream) =>
    drawPositions(group.length, random).map((at) => group[at]!);
  return {
    ...clusterJackknife(groups, labels.length),
    draw: (random) => concatenate(drawGroups(groups, random).map((group) => drawWithin(group, random))),
  };
}

function clusterJackknife(groups: readonly Uint32Array[], size: number): Omit<Resampling, "draw"> {
  return {
    size,
    units: groups.length,
    unit: (at) => groups[at]!,
    without: (unit) => concatenate(groups.toSpliced(unit, 1)),
  };
}

function groupsOf(who: string, labels: ArrayLike<string | number>): Uint32Array[] {
  const positions = Map.groupBy(
    Array.from({ length: labels.length }, (_, at) => at),
    (at) => labels[at]!,
  );
  if (positions.size >= 2) return [...positions.values()].map((group) => Uint32Array.from(group));
  throw new AssayError("STATISTICS_INPUT", `${who}: Expected at least two clusters, got ${positions.size}`);
}

function concatenate(lists: readonly Uint32Array[]): Uint32Array {
  const joined = new Uint32Array(lists.reduce((length, list) => length + list.length, 0));
  let end = 0;
  for (const list of lists) {
    joined.set(list, end);
    end += list.length;
  }
  return joined;
}

// Twenty million positions for a plain interval: scaling a float favours some of them by 1e-12, and takes half as long
// as int().
function drawPositions(n: number, random: RandomStream): Uint32Array {
  const positions = new Uint32Array(n);
  for (let at = 0; at < n; at++) positions[at] = Math.floor(random.next() * n);
  return positions;
}

function drawGroups(groups: readonly Uint32Array[], random: RandomStream): Uint32Array[] {
  return Array.from(drawPositions(groups.length, random), (at) => groups[at]!);
}
