import { type ChartSeries, type Figure, lineChart } from "#report";
import type { Showing } from "../task.ts";

/** Ranks up to which hits are counted. */
const deepest = 20;

/** How often the first changed file stands among the first k, for k up to twenty: one line a subject. */
export function rankFigures({ run, settings }: Showing): Figure[] {
  const variant = settings.profile === "2025" ? `2025-${settings.hints}` : settings.profile;
  const group = `bug-localization/${variant}`;
  const series = run.manifest.subjects.flatMap(({ name }): ChartSeries[] => {
    const scores = Array.from(run.answers({ subject: name, group }), ({ score }) => score.rank ?? null);
    return scores.length === 0 ? [] : [{ name, points: hitsByRank(scores) }];
  });
  if (series.length === 0) return [];
  const title = "Bug localization: a changed file among the first k";
  const svg = lineChart({
    title,
    series,
    x: { label: "k, files looked at" },
    y: { label: "% of issues", domain: [0, 100] },
  });
  const caption = "Percent of issues of which at least one changed file stands among the first k that were named.";
  return [{ id: `ranks/${variant}`, title, caption, svg }];
}

function hitsByRank(ranks: readonly (number | null)[]): { x: number; y: number }[] {
  return Array.from({ length: deepest }, (_, at) => {
    const hits = ranks.filter((rank) => rank !== null && rank <= at + 1).length;
    return { x: at + 1, y: (100 * hits) / ranks.length };
  });
}
