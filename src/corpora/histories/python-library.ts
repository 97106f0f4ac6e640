/** Small Python libraries that are written by rule: what they are about differs, how they work does not. */

/** One module: things, what they are made of, and what of that is measured. */
export interface ModuleTheme {
  /** `ship`, in the singular; the module is called by its plural. */
  readonly thing: string;
  readonly part: string;
  readonly measure: string;
}

/** A library of several modules. */
export interface LibraryTheme {
  readonly name: string;
  readonly about: string;
  readonly modules: readonly ModuleTheme[];
}

const theme = (text: string): ModuleTheme => {
  const [thing = "", part = "", measure = ""] = text.split(" ");
  return { thing, part, measure };
};

/** The libraries of the miniature. */
export const libraryThemes: readonly LibraryTheme[] = [
  {
    name: "harbor",
    about: "what comes into a harbor and leaves it again",
    modules: [
      "ship crate weight",
      "berth mooring depth",
      "pilot trip hours",
      "crane lift load",
      "route leg distance",
      "tariff fee amount",
    ].map(theme),
  },
  {
    name: "orchard",
    about: "what grows in an orchard and what becomes of it",
    modules: [
      "tree branch length",
      "harvest basket mass",
      "press batch volume",
      "picker shift minutes",
      "store shelf width",
      "market stall sales",
    ].map(theme),
  },
  {
    name: "gallery",
    about: "what hangs in a gallery and who comes to see it",
    modules: [
      "hall wall height",
      "painter canvas area",
      "loan piece value",
      "tour stop seconds",
      "guest ticket price",
      "archive folder pages",
    ].map(theme),
  },
];

/** `ship` → `Ship`, a class's name. */
export const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);

/** The name of a module's file: `ships`. */
export const moduleName = ({ thing }: ModuleTheme): string => `${thing}s`;

/** A slip in one function, and what comes of it. */
export interface Slip {
  readonly name: (theme: ModuleTheme) => string;
  readonly right: (theme: ModuleTheme) => string;
  readonly wrong: (theme: ModuleTheme) => string;
  readonly symptom: (theme: ModuleTheme) => string;
}

/** One slip for each module of a library, by its place. */
export const slips: readonly Slip[] = [
  {
    name: ({ measure }) => `mean_${measure}`,
    right: ({ part, measure }) => `return self.total_${measure}() / len(self.${part}s)`,
    wrong: ({ part, measure }) => `return self.total_${measure}() / (len(self.${part}s) + 1)`,
    symptom: ({ thing, part, measure }) =>
      `the mean ${measure} of a ${thing} with a single ${part} is half of what it should be`,
  },
  {
    name: ({ part }) => `remove_${part}`,
    right: ({ part }) => `self.${part}s = [one for one in self.${part}s if one[0] != label]`,
    wrong: ({ part }) => `self.${part}s = [one for one in self.${part}s if one[0] == label]`,
    symptom: ({ thing, part }) => `taking one ${part} away from a ${thing} leaves that one and throws all others away`,
  },
  {
    name: ({ part }) => `${part}s_above`,
    right: ({ part, measure }) => `return [one for one in self.${part}s if one[1] > ${measure}]`,
    wrong: ({ part, measure }) => `return [one for one in self.${part}s if one[1] < ${measure}]`,
    symptom: ({ part, measure }) => `asking for every ${part} above some ${measure} gives those that lie below it`,
  },
  {
    name: ({ thing }) => `rank_${thing}s`,
    right: ({ thing, measure }) => `return sorted(${thing}s, key=lambda one: -one.total_${measure}())`,
    wrong: ({ thing, measure }) => `return sorted(${thing}s, key=lambda one: one.total_${measure}())`,
    symptom: ({ thing, measure }) =>
      `the ranking begins with the ${thing} that has the least ${measure} and ends with the best`,
  },
  {
    name: ({ thing }) => `split_${thing}`,
    right: ({ thing, part }) => `last = ${capital(thing)}(${thing}.name + " b", ${thing}.${part}s[at:])`,
    wrong: ({ thing, part }) => `last = ${capital(thing)}(${thing}.name + " b", ${thing}.${part}s[at + 1:])`,
    symptom: ({ thing, part }) => `when a ${thing} is split in two, one ${part} in the middle is in neither half`,
  },
  {
    name: ({ thing }) => `scale_${thing}`,
    right: ({ part }) => `grown = [(label, size * factor) for label, size in ${"$"}{thing}.${part}s]`,
    wrong: ({ part }) => `grown = [(label, size + factor) for label, size in ${"$"}{thing}.${part}s]`,
    symptom: ({ thing, measure }) => `scaling a ${thing} by two adds two to every ${measure} and does not double it`,
  },
];
