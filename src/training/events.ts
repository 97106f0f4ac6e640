/** What training tells while it runs. Nothing is printed: whoever listens decides. */

/** Something that happened during training. */
export type TrainingEvent =
  | {
      readonly type: "training-start";
      /** Steps that are finished already. */
      readonly step: number;
      readonly steps: number;
      /** The checkpoint that it goes on from. */
      readonly resumedFrom: string | null;
    }
  | {
      readonly type: "step-end";
      readonly step: number;
      readonly steps: number;
      /** The mean over the batches of the step. */
      readonly loss: number;
      /** Before clipping. */
      readonly gradientNorm: number;
      readonly learningRate: number;
      readonly durationMs: number;
      /** Null before there is a pace to go by. */
      readonly secondsLeft: number | null;
    }
  | { readonly type: "evaluation-end"; readonly step: number; readonly metrics: Readonly<Record<string, number>> }
  | { readonly type: "checkpoint-end"; readonly step: number; readonly path: string }
  | { readonly type: "training-end"; readonly step: number; readonly status: TrainingStatus };

/** Why training ended: all steps done, or asked to stop. */
export type TrainingStatus = "finished" | "stopped";
