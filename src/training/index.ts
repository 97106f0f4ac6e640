export type { TrainingEvent, TrainingStatus } from "./events.ts";
export type { BatchRequest, CheckpointPlan, EvaluationPlan, TrainingOptions, TrainingTask } from "./task.ts";
export { type TrainingResult, train } from "./train.ts";
