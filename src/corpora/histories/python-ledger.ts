/** The book of a written library: a file that leans on all its modules, long enough to be completed line by line. */
import { capital, type LibraryTheme, type ModuleTheme, moduleName } from "./python-library.ts";

/** What the book needs besides, and what comes with it in one commit. */
export const entriesText = `"""What is the same in every part of a book."""


def expect_free(name, entries):
    """Raises where a name is in the book already."""
    if name in entries:
        raise KeyError(f"{name} is in the book already")
    return name


def joined_lines(title, lines):
    """A title, a line under it and what follows, as one text."""
    return "\\n".join([title, "-" * len(title), *lines])
`;

/** A book of everything that a library has: one part for each of its modules. */
export const ledgerText = ({ name, modules }: LibraryTheme): string =>
  [`"""The book of the ${name}: what is there, what goes, and what it all amounts to."""\n\n`]
    .concat(
      modules.map((one) => importLine(one, name)),
      `from ${name}.entries import expect_free, joined_lines\n`,
      opening(modules),
      modules.map(changing),
      modules.map(reading),
      closing(modules),
    )
    .join("");

const importLine = (one: ModuleTheme, library: string): string => {
  const { thing } = one;
  const names = [`merge_${thing}s`, `rank_${thing}s`, `rows_of_${thing}`, `split_${thing}`, `${thing}_from_rows`];
  return `from ${library}.${moduleName(one)} import ${names.join(", ")}\n`;
};

const opening = (modules: readonly ModuleTheme[]): string => `

class Ledger:
    """Everything by its kind and its name; a name is in the book once."""

    def __init__(self, title):
        self.title = title
${modules.map(({ thing }) => `        self.${thing}s = {}\n`).join("")}`;

/** What puts things of a module into the book and takes them out. */
const changing = ({ thing, part }: ModuleTheme): string => `
    def enter_${thing}(self, name, rows):
        """Puts a ${thing} with the ${part}s of a table into the book and returns it."""
        expect_free(name, self.${thing}s)
        self.${thing}s[name] = ${thing}_from_rows(name, rows)
        return self.${thing}s[name]

    def strike_${thing}(self, name):
        """Takes a ${thing} out of the book and returns the table of its ${part}s."""
        return rows_of_${thing}(self.${thing}s.pop(name))

    def join_${thing}s(self, first, second):
        """Makes one ${thing} of two, under the name of the first."""
        joined = merge_${thing}s(self.${thing}s.pop(first), self.${thing}s.pop(second))
        self.${thing}s[joined.name] = joined
        return joined.describe_${thing}()

    def halve_${thing}(self, name):
        """Makes two of one ${thing}, each with half of its ${part}s, and returns their names."""
        whole = self.${thing}s.pop(name)
        halves = split_${thing}(whole, len(whole.${part}s) // 2)
        self.${thing}s.update({half.name: half for half in halves})
        return [half.name for half in halves]
`;

/** What the book tells about the things of a module. */
const reading = ({ thing, part, measure }: ModuleTheme): string => `
    def best_${thing}s(self, count):
        """The names of so many ${thing}s, by their ${measure}."""
        ranked = rank_${thing}s(list(self.${thing}s.values()))
        return [one.name for one in ranked[:count]]

    def all_${part}s_above(self, ${measure}):
        """Every ${part} with more ${measure} than that, by the name of its ${thing}."""
        found = {name: one.${part}s_above(${measure}) for name, one in self.${thing}s.items()}
        return {name: ${part}s for name, ${part}s in found.items() if ${part}s}

    def ${measure}_of_${thing}s(self):
        """The ${measure} of all ${thing}s together."""
        return sum(one.total_${measure}() for one in self.${thing}s.values())

    def page_of_${thing}s(self):
        """What people read about the ${thing}s."""
        lines = [one.describe_${thing}() for one in self.${thing}s.values()]
        lines.append(f"together {self.${measure}_of_${thing}s()} ${measure}")
        return joined_lines("${capital(thing)}s", lines)
`;

const closing = (modules: readonly ModuleTheme[]): string => `
    def whole_book(self):
        """Every page, one after the other."""
        pages = [
${modules.map(({ thing }) => `            self.page_of_${thing}s(),\n`).join("")}        ]
        return joined_lines(self.title, pages)
`;
