/** Arms that a verdict of the paper's claims may rest on: concepts that were looked for, or the authors' own. */
export const finds: readonly string[] = ["found", "released"];

/** Arms that the lab made: knowledge planted in one value vector, and knowledge spread over many. */
export const controlArms: readonly string[] = ["planted", "spread"];

/** What arms are called in titles. */
export const armTitles: Readonly<Record<string, string>> = {
  found: "found concepts",
  planted: "planted concepts (positive control)",
  spread: "spread concepts (negative control)",
  released: "the authors' concepts",
};

/** "needle, found", "needle, planted (control)": a row's name where finds and controls share a table. */
export const labelled = (arm: string, before = ""): string =>
  controlArms.includes(arm) ? `${before}${arm} (control)` : `${before}${arm}`;
