import type { Report } from "#report";
import { type Run, thawSettings } from "#runs";
import type { ReportOptions } from "../module.ts";
import { reportOpening, subjectKinds } from "../reported.ts";
import { openCollection } from "./data.ts";
import { figuresOf } from "./figures.ts";
import { sampleGroups } from "./samples.ts";
import { strictSignature } from "./score-file.ts";
import { lenientSignature } from "./scorer-lenient.ts";
import type { Settings } from "./settings.ts";
import study from "./study.ts";
import { formatTables, paperTables } from "./tables.ts";

/** Everything that a run of the study shows. Tables alone need no data; figures and samples come with `pictures`. */
export async function report(run: Run, { pictures }: ReportOptions): Promise<Report> {
  const settings = thawSettings(study.settings, run.manifest.settings);
  const rows = { records: run.records(), kinds: subjectKinds(run) };
  return {
    title: "MMNeedle: finding one photo among many",
    ...reportOpening(run, study),
    tables: [...paperTables(rows), ...formatTables(rows)],
    figures: pictures ? figuresOf({ run, settings }) : [],
    groups: pictures ? await groupsOf(run, settings) : [],
    remarks: remarksOf(settings),
  };
}

async function groupsOf(run: Run, settings: Settings) {
  const collection = await openCollection(settings, run.manifest.seed);
  return sampleGroups({ run, collection, settings, pictures: canShow(settings) });
}

/** Official photos may lie elsewhere than where the run was made. */
const canShow = ({ source, photos }: Settings): boolean => source !== "official" || photos !== "";

function remarksOf({ source, nullAsWrong, kernel, cell, single }: Settings): string[] {
  return [
    `Scored by ${strictSignature({ nullAsWrong })}; lenient columns by ${lenientSignature}.`,
    "Existence on present needles rewards any answer but -1; read it beside existence on absent ones.",
    nullAsWrong
      ? "Missing answers count as wrong; the paper leaves them out of every denominator."
      : "Missing answers leave every denominator, as in the paper; --set nullAsWrong=true counts them as wrong.",
    `Pictures: ${source}, cells of ${cell} pixels, kernel ${kernel}, pictures of one cell ${single}.`,
    ...(source === "scenes"
      ? ["Scenes are drawn by the lab from shapes: easier than photos, so no row of this run joins a published table."]
      : []),
  ];
}
