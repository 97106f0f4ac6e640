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

const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);

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

/** The text of a module, one of its functions wrong where a slip is named. */
export function moduleText(one: ModuleTheme, { library, slip }: { library: string; slip?: Slip | undefined }): string {
  const { thing, part, measure } = one;
  const [Thing, body] = [capital(thing), (at: number) => lineOf(slips[at]!, one, slip)];
  return `"""${Thing}s of the ${library}: each has ${part}s, and each ${part} has a ${measure}."""


class ${Thing}:
    """A ${thing} with a name and its ${part}s, pairs of a label and a ${measure}."""

    def __init__(self, name, ${part}s=()):
        self.name = name
        self.${part}s = list(${part}s)

    def add_${part}(self, label, ${measure}):
        """Puts a ${part} behind the others and returns the ${thing}."""
        if ${measure} < 0:
            raise ValueError("a ${part} cannot have a ${measure} below zero")
        self.${part}s.append((label, ${measure}))
        return self

    def remove_${part}(self, label):
        """Takes every ${part} with that label away and returns the ${thing}."""
        ${body(1)}
        return self

    def total_${measure}(self):
        """The ${measure} of all ${part}s together."""
        return sum(size for _, size in self.${part}s)

    def mean_${measure}(self):
        """The ${measure} of a ${part} on average; zero without any."""
        if not self.${part}s:
            return 0
        ${body(0)}

    def largest_${part}(self):
        """The label of the ${part} with the most ${measure}; None without any."""
        return max(self.${part}s, key=lambda one: one[1])[0] if self.${part}s else None

    def ${part}s_above(self, ${measure}):
        """Every ${part} with more ${measure} than that."""
        ${body(2)}

    def describe_${thing}(self):
        """One line for people."""
        return f"{self.name}: {len(self.${part}s)} ${part}s, {self.total_${measure}()} ${measure}"


def merge_${thing}s(first, second):
    """One ${thing} with the ${part}s of both, named after the first."""
    return ${Thing}(first.name, first.${part}s + second.${part}s)


def split_${thing}(${thing}, at):
    """Two ${thing}s: the first so many ${part}s, and the rest."""
    first = ${Thing}(${thing}.name + " a", ${thing}.${part}s[:at])
    ${body(4)}
    return first, last


def scale_${thing}(${thing}, factor):
    """A ${thing} whose every ${measure} is so many times as large."""
    ${body(5).replaceAll(`${"$"}{thing}`, thing)}
    return ${Thing}(${thing}.name, grown)


def rank_${thing}s(${thing}s):
    """${Thing}s by their ${measure}, the most first."""
    ${body(3)}


def ${thing}_from_rows(name, rows):
    """A ${thing} from rows of a table with the columns label and ${measure}."""
    return ${Thing}(name, [(row["label"], float(row["${measure}"])) for row in rows])


def rows_of_${thing}(${thing}):
    """The table from which \`${thing}_from_rows\` would make the ${thing} again."""
    return [{"label": label, "${measure}": size} for label, size in ${thing}.${part}s]
`;
}

const lineOf = (slip: Slip, one: ModuleTheme, wrong: Slip | undefined): string =>
  slip === wrong ? slip.wrong(one) : slip.right(one);

/** A page about a module. */
export function modulePage(one: ModuleTheme, library: string): string {
  const { thing, part, measure } = one;
  const module = moduleName(one);
  return `# Working with ${module}

A ${thing} of the ${library} has a name and any number of ${part}s.
Each ${part} is a pair: a label, and its ${measure} as a number that is not below zero.
A ${thing} is made with its name alone, and ${part}s are added one after the other.
Adding a ${part} gives the ${thing} back, so that several can be added in one line.
Taking a ${part} away goes by its label; all with that label go.
The ${measure} of a whole ${thing} is the sum over its ${part}s.
Its mean is zero where there is nothing to divide by.
Asking for the largest ${part} gives a label, or nothing where the ${thing} is empty.
Two ${thing}s can be merged; the new one bears the name of the first.
A ${thing} can also be split at a place, which gives two with "a" and "b" behind the name.
Scaling makes a new ${thing} and leaves the old one as it was.
Several ${thing}s are ranked by their ${measure}, the most first.
Tables are read and written row by row, so that a ${thing} survives a file.

The code is in \`${library}/${module}.py\`.
`;
}

/** An example that takes a module through a day. */
export function exampleText(one: ModuleTheme, { library, number }: { library: string; number: number }): string {
  const { thing, part, measure } = one;
  const [Thing, module] = [capital(thing), moduleName(one)];
  const sizes = [3, 5, 8, 13].map((size) => size + number);
  return `"""Take stock of two ${thing}s, put them together and look at the result from several sides.

The first ${thing} gets three ${part}s and the second one gets a fourth.
Afterwards both are merged, and the labels of all ${part}s that are larger than the mean are printed.
"""

from ${library}.${module} import ${Thing}, merge_${thing}s, rank_${thing}s, rows_of_${thing}, scale_${thing}, split_${thing}

# Make the first ${thing} and give it three ${part}s with growing numbers.
first = ${Thing}("first")
first.add_${part}("small", ${sizes[0]})
first.add_${part}("middle", ${sizes[1]})
first.add_${part}("large", ${sizes[2]})

# Make the second ${thing}, which has a single ${part}, and take stock of both in one line each.
second = ${Thing}("second").add_${part}("huge", ${sizes[3]})
print(first.describe_${thing}())
print(second.describe_${thing}())

# Put both together; what is above the mean is of interest, and so is the one that stands out most.
both = merge_${thing}s(first, second)
print(both.${part}s_above(both.mean_${measure}()))
print(both.largest_${part}())

# Double everything, then halve the collection: the better half is written as the rows of a table.
doubled = scale_${thing}(both, 2)
left, right = split_${thing}(doubled, 2)
best = rank_${thing}s([left, right])[0]
print(rows_of_${thing}(best), best.total_${measure}())
`;
}
