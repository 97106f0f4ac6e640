import { entriesText, ledgerText } from "./python-ledger.ts";
import { type LibraryTheme, type ModuleTheme, moduleName, slips } from "./python-library.ts";
import { moduleText } from "./python-module.ts";
import { exampleText, modulePage } from "./python-pages.ts";
import { type GeneratedHistory, Timeline } from "./timeline.ts";

const licence = `Public domain: this library was written by rule and serves as an example.
Anyone may do with it whatever they like.
`;

/** A history of a Python library that was written by rule: modules arrive with a slip each, which is mended later. */
export function libraryHistory(library: LibraryTheme): GeneratedHistory {
  const timeline = new Timeline();
  const { name, about, modules } = library;
  const readme = `# ${name}\n\nA library about ${about}.\n`;
  timeline.commit(`Start ${name}\n\nSay what it will be about.`, {
    "README.md": readme,
    LICENSE: licence,
    [`${name}/__init__.py`]: `"""A library about ${about}."""\n`,
  });
  for (const [at, one] of modules.entries()) addModule(timeline, { one, library: name, at });
  for (const [at, one] of modules.entries()) mendModule(timeline, { one, library: name, at });
  for (const one of modules) {
    timeline.commit(`Write a page about ${moduleName(one)}\n\nTell what they offer for those who do not read code.`, {
      [`docs/${moduleName(one)}.md`]: modulePage(one, name),
    });
  }
  for (const [number, one] of [...modules, modules[0]!].entries()) {
    const path = `examples/${String(number + 1).padStart(2, "0")}_${moduleName(one)}.py`;
    timeline.commit(`Show how ${moduleName(one)} are used\n\nTake two of them through a day.`, {
      [path]: exampleText(one, { library: name, number }),
    });
  }
  timeline.commit(`Keep a book of the ${name}\n\nEnter what is there, strike what goes, and sum up the rest.`, {
    [`${name}/entries.py`]: entriesText,
    [`${name}/ledger.py`]: ledgerText(library),
  });
  const { commits, issues, builds } = timeline;
  return { name: `generated__${name}`, about: "a Python library that was written by rule", commits, issues, builds };
}

interface Placed {
  readonly one: ModuleTheme;
  readonly library: string;
  /** Its place among the modules, which decides its slip. */
  readonly at: number;
}

function addModule(timeline: Timeline, { one, library, at }: Placed): void {
  const slip = slips[at % slips.length];
  timeline.commit(`Add ${moduleName(one)}\n\nEach has ${one.part}s with a ${one.measure}.`, {
    [`${library}/${moduleName(one)}.py`]: moduleText(one, { library, slip }),
  });
}

function mendModule(timeline: Timeline, { one, library, at }: Placed): void {
  const slip = slips[at % slips.length]!;
  const symptom = slip.symptom(one);
  const closed = timeline.commit(`Fix ${slip.name(one)}\n\nBefore, ${symptom}.`, {
    [`${library}/${moduleName(one)}.py`]: moduleText(one, { library }),
  });
  const body = `I noticed that ${symptom}. It happens with the newest state of ${library} every time, in a fresh interpreter too.`;
  timeline.issues.set(closed, { title: `Wrong numbers from ${library}`, body });
}
