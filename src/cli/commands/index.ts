import type { Command } from "commander";
import type { Desk } from "../desk.ts";

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
  model: async () => (await import("./model/model.ts")).addModel,
  claims: async () => (await import("./claims.ts")).addClaims,
  doctor: async () => (await import("./doctor.ts")).addDoctor,
  schema: async () => (await import("./schema.ts")).addSchema,
} satisfies Record<string, () => Promise<AddCommand>>;
