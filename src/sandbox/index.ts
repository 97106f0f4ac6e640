export { type ContainersOptions, containerExecutor, containersMissing } from "./containers.ts";
export type { AskedTool, Executor, JobCommand, JobPlace } from "./executor.ts";
export { hereExecutor } from "./here.ts";
export { findIsolation, type Isolation } from "./isolation.ts";
export { type Ended, type Limits, type RunBoundedOptions, runBounded } from "./run-bounded.ts";
export { type Job, readWorkflow, type Step, type Workflow } from "./workflows/read-workflow.ts";
export type { JobReport, StepReport } from "./workflows/run-job.ts";
export { type RunWorkflowOptions, runWorkflow, type WorkflowReport } from "./workflows/run-workflow.ts";
