/** A small Python repository with a history from which every task but CI repair has items, for tests. */
import { type WrittenCommit, writeRepository } from "#formats/git";

const box = (area: string) => `"""Boxes and what they cover."""


class Box:
    """A box with a width and a height."""

    def __init__(self, width, height):
        self.width = width
        self.height = height

    def area_of_box(self):
        return ${area}
`;

const names = Array.from({ length: 40 }, (_, at) => `measure_${at}`);

/** 240 lines that call themselves, the project, and little else. */
const added = [
  "import math",
  "from shapes.box import Box",
  ...names.flatMap((name, at) => [
    "",
    `def ${name}(value):`,
    `    scaled = math.sqrt(value) * ${at}`,
    at === 0 ? "    return scaled" : `    return ${names[at - 1]}(scaled) + ${at}`,
    `    other = Box(${at}, value).area_of_box()`,
    `    return other - ${at}`,
  ]),
].join("\n");

const tests = names.slice(0, 4).map(
  (name, at) => `def test_a_box_of_${at}_has_its_area():
    box = Box(${at}, 2)
    assert box.area_of_box() == ${2 * at}
    assert ${name}(4) is not None
`,
);

const page = `# Measuring boxes

${Array.from({ length: 12 }, (_, at) => `Sentence ${at} says how a box is measured and why it matters.`).join("\n")}

The code is in shapes/box.py, and what is measured in shapes/measures.py.
`;

const steps: readonly { readonly message: string; readonly files: Readonly<Record<string, string>> }[] = [
  {
    message: "Begin",
    files: { "shapes/__init__.py": "", "shapes/box.py": box("self.width + self.height"), "README.md": "# shapes\n" },
  },
  { message: "Add measures of boxes\n\nEach builds on the one before it.", files: { "shapes/measures.py": added } },
  {
    message: "Fix the wrong area of boxes\n\nA box of two by three has an area of six, and not of five as it says now.",
    files: { "shapes/box.py": box("self.width * self.height") },
  },
  { message: "Document how boxes are measured and where", files: { "docs/measuring.md": page } },
  {
    message: "Test boxes and their measures",
    files: {
      "tests/test_box.py": `from shapes.box import Box\nfrom shapes.measures import *\n\n\n${tests.join("\n\n")}`,
    },
  },
  {
    message:
      "Correct the broken first measure of all values\n\nIt must not scale by zero, for every later one depends on what it returns first.",
    files: { "shapes/measures.py": added.replace("math.sqrt(value) * 0", "math.sqrt(value) * 1") },
  },
];

/** Writes it to a folder, and says which. */
export function repositoryDouble(folder: string): string {
  const files = new Map<string, string>();
  const commits = steps.map(({ message, files: changed }, at): WrittenCommit => {
    for (const [path, text] of Object.entries(changed)) files.set(path, text);
    const author = { name: "A", email: "a@example.org" };
    return { message, author, seconds: 1_700_000_000 + 86_400 * at, files: new Map(files) };
  });
  writeRepository(folder, commits);
  return folder;
}
