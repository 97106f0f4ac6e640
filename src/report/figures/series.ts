/** One measured point of a line, with the ends of its interval. */
export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
  readonly n?: number;
  /** Where a click leads: `groupLink(group)`. */
  readonly href?: string;
}

/** A line and its name. */
export interface ChartSeries {
  readonly name: string;
  readonly points: readonly ChartPoint[];
}
