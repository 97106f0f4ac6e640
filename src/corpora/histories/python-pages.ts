/** What a written library says of itself: pages and examples. */
import { capital, type ModuleTheme, moduleName } from "./python-library.ts";

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
