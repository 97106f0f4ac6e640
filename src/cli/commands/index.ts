import type { Command } from "commander";
import type { Desk } from "../desk.ts";
import { addClaims } from "./claims.ts";
import { addCompare } from "./compare.ts";
import { addDoctor } from "./doctor.ts";
import { addExport } from "./export.ts";
import { addMetric } from "./metric.ts";
import { addModel } from "./model/model.ts";
import { addReport } from "./report.ts";
import { addResume } from "./resume.ts";
import { addRun } from "./run.ts";
import { addRuns } from "./runs.ts";
import { addSchema } from "./schema.ts";
import { addScore } from "./score.ts";
import { addShow } from "./show.ts";
import { addStudies } from "./studies.ts";
import { addTour } from "./tour.ts";

/** Every command, in the order in which `--help` shows them. */
export const commands = {
  tour: addTour,
  studies: addStudies,
  run: addRun,
  resume: addResume,
  runs: addRuns,
  show: addShow,
  compare: addCompare,
  report: addReport,
  export: addExport,
  score: addScore,
  metric: addMetric,
  model: addModel,
  claims: addClaims,
  doctor: addDoctor,
  schema: addSchema,
} satisfies Record<string, (program: Command, desk: Desk) => void>;
