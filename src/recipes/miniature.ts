import type { Json } from "#base";
import type { TrainingEvent } from "#training";

/** How a miniature is trained. */
export interface TrainMiniatureOptions {
  /** The folder that the model is written to, with its log. */
  readonly output: string;
  /** 0 when left out. */
  readonly seed?: number;
  /** Steps of training; the recipe's own when left out. */
  readonly steps?: number;
  /** Where its checkpoints lie; in the lab's home when left out. */
  readonly checkpoints?: string;
  readonly threads?: number;
  /** Only so many facts or files, for trying it out. */
  readonly limit?: number;
  /** The checkout whose dependencies are read; the working directory when left out. */
  readonly project?: string;
  /** Where data lies that is not part of the lab; ASSAY_SHARED when left out. */
  readonly data?: string;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: MiniatureEvent) => void;
}

/** What a miniature tells while it is made. */
export type MiniatureEvent = TrainingEvent | { readonly type: "stage-start"; readonly stage: string };

/** A number that a miniature was to reach, and what it reached. */
export interface Aim {
  readonly name: string;
  readonly value: number;
  readonly target: number;
  readonly direction: "at least" | "below";
  readonly met: boolean;
}

/** What came out. */
export interface MiniatureResult {
  readonly status: "finished" | "stopped";
  readonly folder: string;
  readonly aims: readonly Aim[];
  readonly measured: Readonly<Record<string, Json>>;
}

/** A small model that anyone can train again. */
export interface Miniature {
  /** `mini:atlas` */
  readonly name: string;
  /** What it knows, in one sentence. */
  readonly description: string;
  train(options: TrainMiniatureOptions): Promise<MiniatureResult>;
}

/** Whether a number is where it was to be. */
export function aim(
  name: string,
  value: number,
  { direction, target }: { readonly direction: Aim["direction"]; readonly target: number },
): Aim {
  return { name, value, target, direction, met: direction === "below" ? value < target : value >= target };
}
