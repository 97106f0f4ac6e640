/** The anchor of a sample group within the report. */
export const groupAnchor = (id: string): string => `group-${slug(id)}`;

/** The link that a cell of a figure or table carries to the group of samples behind it. */
export const groupLink = (id: string): string => `#${groupAnchor(id)}`;

/** The anchor of one sample within its group. */
export const sampleAnchor = (group: string, sample: string): string => `sample-${slug(group)}__${slug(sample)}`;

/** The link to one sample within its group. */
export const sampleLink = (group: string, sample: string): string => `#${sampleAnchor(group, sample)}`;

/** The anchor of a figure within the report. */
export const figureAnchor = (id: string): string => `figure-${slug(id)}`;

/** The anchor of a table within the report. */
export const tableAnchor = (id: string): string => `table-${slug(id)}`;

/** Letters, digits and hyphens stay, all else becomes its code, so that different ids have different anchors. */
const slug = (id: string): string =>
  id.replace(/[^A-Za-z0-9-]/gu, (character) => `_${character.codePointAt(0)!.toString(16)}_`);
