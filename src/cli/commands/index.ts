import type { Command } from "commander";
import type { Desk } from "../desk.ts";
import { addClaims } from "./claims.ts";
import { addDoctor } from "./doctor.ts";
import { addRuns } from "./runs.ts";
import { addShow } from "./show.ts";
import { addStudies } from "./studies.ts";

/** Every command, in the order in which `--help` shows them. */
export const commands = {
  studies: addStudies,
  runs: addRuns,
  show: addShow,
  claims: addClaims,
  doctor: addDoctor,
} satisfies Record<string, (program: Command, desk: Desk) => void>;
