import type { ValueVectorPlace } from "#methods/value-vectors";

/** A value vector that may carry a concept, with what it writes. */
export interface Candidate extends ValueVectorPlace {
  readonly overlap: number;
  readonly enrichment: number;
  readonly q: number;
  /** Among all value vectors, 1 for the likeliest. */
  readonly rank: number;
  /** The tokens that it writes most, as texts; empty where nobody reads them. */
  readonly tokens: readonly string[];
}

/** A place as a key. */
export const placeKey = ({ layer, column }: ValueVectorPlace): string => `${layer}/${column}`;
