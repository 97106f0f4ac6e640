/** What figures are described by. Apart from the drawing of them, so that their types ask for none of Plot's. */

/** What every figure says of itself. */
export interface FigureText {
  readonly title: string;
  /** What is drawn, for those who cannot see it; when absent, the figure's own summary of its numbers. */
  readonly description?: string;
}

/** An element to add to a figure: its name, its attributes, and what is inside. */
export type Shape = readonly [
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  inside?: string | readonly Shape[],
];
