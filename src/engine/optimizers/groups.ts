/** Which weights are trained, and how fast. */
import { AssayError } from "#base";

/** Weights that are treated alike; the first group that matches a weight counts. */
export interface ParameterGroup {
  /** Whether the weight at this path ("blocks.0.mlp.up.bias") belongs to the group. */
  readonly match: (path: string) => boolean;
  /** What the learning rate is multiplied with; 1 when left out. */
  readonly rateFactor?: number;
  /** Instead of the optimiser's own. */
  readonly weightDecay?: number;
  /** Never written, and without state. */
  readonly frozen?: boolean;
}

/** How one weight is treated. */
export interface Treatment {
  readonly rateFactor: number;
  readonly weightDecay: number;
}

/** The treatment of the weight at a path; undefined when it is frozen. */
export function treatmentOf(
  path: string,
  groups: readonly ParameterGroup[],
  defaultDecay: number,
): Treatment | undefined {
  const group = groups.find(({ match }) => match(path));
  if (group?.frozen) return undefined;
  return { rateFactor: group?.rateFactor ?? 1, weightDecay: group?.weightDecay ?? defaultDecay };
}

/** @throws AssayError GROUP_EMPTY: a predicate that matches nothing is a misspelt name */
export function expectUsed(groups: readonly ParameterGroup[], paths: readonly string[]): void {
  for (const [at, { match }] of groups.entries()) {
    if (paths.some((path) => match(path))) continue;
    const known = paths.slice(0, 4).join(", ");
    const got = `got none for groups[${at}]; the weights are called ${known}${paths.length > 4 ? ", …" : ""}`;
    throw new AssayError("GROUP_EMPTY", `optimizer: Expected each parameter group to match a weight, ${got}`);
  }
}
