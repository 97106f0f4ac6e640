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

/** Adds one command to the program. */
export type AddCommand = (program: Command, desk: Desk) => void;

/** Every command, in the order in which `--help` shows them; only the one that is called is loaded. */
export const commands = {
  tour: async () => (await import("./tour.ts")).addTour,
  studies: async () => (await import("./studies.ts")).addStudies,
  run: async () => (await import("./run.ts")).addRun,
  resume: async () => (await import("./resume.ts")).addResume,
  runs: async () => (await import("./runs.ts")).addRuns,
  show: async () => (await import("./show.ts")).addShow,
  compare: async () => (await import("./compare.ts")).addCompare,
  report: async () => (await import("./report.ts")).addReport,
  export: async () => (await import("./export.ts")).addExport,
  score: async () => (await import("./score.ts")).addScore,
  metric: async () => (await import("./metric.ts")).addMetric,
  claims: async () => (await import("./claims.ts")).addClaims,
  doctor: async () => (await import("./doctor.ts")).addDoctor,
  schema: async () => (await import("./schema.ts")).addSchema,
} satisfies Record<string, () => Promise<AddCommand>>;
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
