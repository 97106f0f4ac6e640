/** A module of a written library: one class and the functions around it. */
import { capital, type ModuleTheme, type Slip, slips } from "./python-library.ts";

/** Which library a module belongs to, and what is wrong with it. */
export interface ModuleTextOptions {
  readonly library: string;
  readonly slip?: Slip | undefined;
}

/** What the parts of a module are written from. */
interface Written {
  readonly one: ModuleTheme;
  readonly library: string;
  /** The line that one of the slips is about, right or wrong. */
  readonly lineOf: (slip: number) => string;
}

/** The text of a module, one of its functions wrong where a slip is named. */
export function moduleText(one: ModuleTheme, { library, slip: wrong }: ModuleTextOptions): string {
  const lineOf = (at: number) => (slips[at] === wrong ? wrong!.wrong(one) : slips[at]!.right(one));
  const written: Written = { one, library, lineOf };
  return [changing, reading, making, listing].map((part) => part(written)).join("");
}

/** The class, and what changes one of its things. */
function changing({ one: { thing, part, measure }, library, lineOf }: Written): string {
  const Thing = capital(thing);
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
        ${lineOf(1)}
        return self
`;
}

/** Methods that look and change nothing. */
const reading = ({ one: { thing, part, measure }, lineOf }: Written): string => `
    def total_${measure}(self):
        """The ${measure} of all ${part}s together."""
        return sum(size for _, size in self.${part}s)

    def mean_${measure}(self):
        """The ${measure} of a ${part} on average; zero without any."""
        if not self.${part}s:
            return 0
        ${lineOf(0)}

    def largest_${part}(self):
        """The label of the ${part} with the most ${measure}; None without any."""
        return max(self.${part}s, key=lambda one: one[1])[0] if self.${part}s else None

    def ${part}s_above(self, ${measure}):
        """Every ${part} with more ${measure} than that."""
        ${lineOf(2)}

    def describe_${thing}(self):
        """One line for people."""
        return f"{self.name}: {len(self.${part}s)} ${part}s, {self.total_${measure}()} ${measure}"
`;

/** Functions that make things out of others. */
function making({ one: { thing, part, measure }, lineOf }: Written): string {
  const Thing = capital(thing);
  return `

def merge_${thing}s(first, second):
    """One ${thing} with the ${part}s of both, named after the first."""
    return ${Thing}(first.name, first.${part}s + second.${part}s)


def split_${thing}(${thing}, at):
    """Two ${thing}s: the first so many ${part}s, and the rest."""
    first = ${Thing}(${thing}.name + " a", ${thing}.${part}s[:at])
    ${lineOf(4)}
    return first, last


def scale_${thing}(${thing}, factor):
    """A ${thing} whose every ${measure} is so many times as large."""
    ${lineOf(5).replaceAll(`${"$"}{thing}`, thing)}
    return ${Thing}(${thing}.name, grown)
`;
}

/** Functions about several things, and about tables. */
function listing({ one: { thing, part, measure }, lineOf }: Written): string {
  const Thing = capital(thing);
  return `

def rank_${thing}s(${thing}s):
    """${Thing}s by their ${measure}, the most first."""
    ${lineOf(3)}


def ${thing}_from_rows(name, rows):
    """A ${thing} from rows of a table with the columns label and ${measure}."""
    return ${Thing}(name, [(row["label"], float(row["${measure}"])) for row in rows])


def rows_of_${thing}(${thing}):
    """The table from which \`${thing}_from_rows\` would make the ${thing} again."""
    return [{"label": label, "${measure}": size} for label, size in ${thing}.${part}s]
`;
}
