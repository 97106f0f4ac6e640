import { wilson } from "#base";
import { type Figure, groupLink, heatMap, lineChart } from "#report";
import type { Run } from "#runs";
import { type Configuration, configurationsOf, groupOf, nameOf } from "./configurations.ts";
import { accuracyBy, byCell, byPicture } from "./positions.ts";
import { cellGroup } from "./samples.ts";
import type { Settings } from "./settings.ts";

interface Drawing {
  readonly run: Run;
  readonly settings: Settings;
}

/** Every figure of a run: heat maps by cell and by depth of each subject, and how the numbers settle. */
export function figuresOf({ run, settings }: Drawing): Figure[] {
  const subjects = run.manifest.subjects.map(({ name }) => name);
  const one = configurationsOf(settings).filter(({ needles }) => needles === 1);
  return [
    ...convergence({ run, subjects, configurations: one }),
    ...subjects.flatMap((subject) => depthMap({ run, subject, configurations: one })),
    ...subjects.flatMap((subject) =>
      one.filter(({ side }) => side > 1).flatMap((configuration) => cellMap({ run, subject, configuration })),
    ),
  ];
}

const upTo = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at + 1));

/** Figure 4: exact accuracy by row and column of the needle, over all pictures. */
function cellMap(drawn: { run: Run; subject: string; configuration: Configuration }): Figure[] {
  const { subject, configuration } = drawn;
  const tallies = accuracyBy(byCell, drawn);
  if (tallies.size === 0) return [];
  const { pictures, side } = configuration;
  const cells = upTo(side).flatMap((row) =>
    upTo(side).flatMap((column) => {
      const name = byCell({ picture: 1, row: Number(row), column: Number(column) });
      const tally = tallies.get(name);
      const href = groupLink(cellGroup(configuration, name));
      return tally === undefined ? [] : [{ row, column, ...tally, href }];
    }),
  );
  const title = `${subject}: exact accuracy by the needle's cell, M = ${pictures}, N = ${side}`;
  const svg = heatMap({
    title,
    unit: "%",
    rows: upTo(side),
    columns: upTo(side),
    cells,
    rowLabel: "row",
    columnLabel: "column",
  });
  const caption = `Percent of present needles found exactly, one needle, over all ${pictures === 1 ? "mosaics" : `${pictures} pictures`}; a cell leads to its samples.`;
  return [{ id: `cells/${subject}/${nameOf(configuration)}`, title, caption, svg }];
}

/** Figure 5: exact accuracy by depth, the number of the needle's picture, against the size of the haystack. */
function depthMap(drawn: { run: Run; subject: string; configurations: readonly Configuration[] }): Figure[] {
  const { run, subject } = drawn;
  const deep = drawn.configurations.filter(({ pictures }) => pictures > 1);
  if (deep.length === 0) return [];
  const columns = deep.map((configuration) => ({
    label: `${configuration.pictures} × ${configuration.side}²`,
    tallies: accuracyBy(byPicture, { run, subject, configuration }),
    href: groupLink(groupOf(configuration, "positive")),
  }));
  const rows = upTo(Math.max(...deep.map(({ pictures }) => pictures)));
  const cells = columns.flatMap(({ label, tallies, href }) =>
    [...tallies].map(([picture, tally]) => ({ row: picture, column: label, ...tally, href })),
  );
  const title = `${subject}: exact accuracy by depth`;
  const labels = { rowLabel: "picture of the needle", columnLabel: "cells in the haystack" };
  const svg = heatMap({ title, unit: "%", rows, columns: columns.map(({ label }) => label), cells, ...labels });
  return [{ id: `depth/${subject}`, title, caption: "Percent of present needles found exactly, one needle.", svg }];
}

/** Figure 7: the running exact accuracy over the first 10 %, 20 % … of the samples. */
function convergence(drawn: {
  run: Run;
  subjects: readonly string[];
  configurations: readonly Configuration[];
}): Figure[] {
  return drawn.configurations.map((configuration) => {
    const { pictures, side } = configuration;
    const series = drawn.subjects.map((subject) => ({
      name: subject,
      points: runningMeans(drawn.run, subject, configuration),
    }));
    const reference = { y: 100 / (pictures * side ** 2), label: "chance" };
    const title = `Exact accuracy as samples come in, M = ${pictures}, N = ${side}`;
    const svg = lineChart({
      title,
      series,
      x: { label: "samples" },
      y: { label: "exact, %", domain: [0, 100] },
      reference,
    });
    const caption = "Present needles, one needle; bands are 95 % Wilson intervals.";
    return { id: `convergence/${nameOf(configuration)}`, title, caption, svg };
  });
}

function runningMeans(run: Run, subject: string, configuration: Configuration) {
  const answers = run.answers({ subject, group: groupOf(configuration, "positive") });
  const exact = [...answers].flatMap(({ score }) => (typeof score.exact === "number" ? [score.exact] : []));
  const ends = [...new Set(upTo(10).map((tenth) => Math.round((Number(tenth) / 10) * exact.length)))];
  return ends
    .filter((n) => n > 0)
    .map((n) => {
      const hits = exact.slice(0, n).reduce((sum, one) => sum + one, 0);
      const { low, high } = wilson(hits, n);
      return { x: n, y: (100 * hits) / n, low: 100 * low, high: 100 * high };
    });
}
