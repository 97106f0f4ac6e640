/** How many things of a kind, by their word. */
export const countWords = ["one", "two", "three", "four", "five"] as const;

/** Fixed sizes. Captions leave "medium" out; small and large come together, and only what surrounds others is huge. */
export const radii = { small: 7, medium: 9.5, large: 12, huge: 44 } as const;

/** How a thing is filled. */
export const patterns = ["solid", "striped", "dotted", "outlined"] as const;

/**
 * Colours that people with protanopia or deuteranopia tell apart too.
 *
 * Source   Okabe and Ito 2008, Color Universal Design; their vermilion is darkened to a red, to stay clear of orange
 */
export const colors = {
  red: "#c4161c",
  orange: "#e69f00",
  yellow: "#f0e442",
  green: "#009e73",
  "light blue": "#56b4e9",
  blue: "#0060b0",
  pink: "#e07fb8",
  black: "#111111",
} as const;

/** What a picture is painted on; pale, so that the dark edge of every thing stands out. */
export const backgrounds = {
  white: "#ffffff",
  grey: "#cfcfcf",
  "pale yellow": "#fff2b3",
  "pale blue": "#cfe3f8",
  "pale green": "#d2eecb",
  "pale pink": "#fbd6df",
} as const;

/** The edge of every thing. */
export const edgeColor = "#1a1a1a";

/** Where the first group is, seen from the second. */
export const relations = ["left of", "right of", "above", "below", "inside"] as const;
