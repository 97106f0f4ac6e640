export { type Environment, mergeEnvironment } from "../environment.ts";
export { createRedactor } from "../redact.ts";
