import { createHash } from "node:crypto";
import type { Behaviour } from "./behaviours.ts";

/** Which behaviour a request meets. */
export interface PlanOptions {
  /** Used up by the first requests, one each, whatever they ask. */
  readonly script?: readonly Behaviour[];
  /** Probabilities of behaviours; what is left to one is `right`. */
  readonly chances?: Partial<Readonly<Record<Behaviour, number>>>;
  /** After so many requests for the same thing it is answered right, so that patience is always rewarded. */
  readonly patience?: number;
  readonly seed?: number;
}

/** Says what a request meets: `key` is what it asks, `nth` counts the requests for the same thing from 0. */
export type Plan = (key: string, nth: number) => Behaviour;

/**
 * Behaviours depend on seed, question and how often it was asked, never on the order of requests: a killed and resumed
 * run meets the same ones.
 */
export function createPlan({ script = [], chances = {}, patience = 3, seed = 0 }: PlanOptions): Plan {
  const queue = [...script];
  return (key, nth) => queue.shift() ?? (nth < patience ? drawn(chances, `${seed}/${key}/${nth}`) : "right");
}

function drawn(chances: NonNullable<PlanOptions["chances"]>, key: string): Behaviour {
  let rest = createHash("sha256").update(key).digest().readUInt32BE(0) / 2 ** 32;
  for (const [behaviour, chance] of Object.entries(chances)) {
    rest -= chance;
    if (rest < 0) return behaviour as Behaviour;
  }
  return "right";
}
