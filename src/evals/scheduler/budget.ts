import type { Question } from "#base";
import { estimateUsage, type Usage } from "./usage.ts";

/** US dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** Hard limits of a run, and what earlier sessions of the same run have spent. */
export interface BudgetOptions {
  readonly usd?: number;
  readonly tokens?: number;
  readonly spent?: Spending;
}

/** What was used so far. */
export interface Spending {
  readonly usd: number;
  readonly tokens: number;
}

/**
 * Lets a call start only when all calls in flight and this one, at the highest use seen so far, stay inside the limits.
 *
 *     expected = estimate · max(1, highest used / estimated so far)
 */
export class Budget {
  readonly #limits: BudgetOptions;
  #usd: number;
  #tokens: number;
  #reservedUsd = 0;
  #reservedTokens = 0;
  #highestRatio = 1;

  constructor(limits: BudgetOptions = {}) {
    this.#limits = limits;
    this.#usd = limits.spent?.usd ?? 0;
    this.#tokens = limits.spent?.tokens ?? 0;
  }

  get spent(): Spending {
    return { usd: this.#usd, tokens: this.#tokens };
  }

  get isLimited(): boolean {
    return this.#limits.usd !== undefined || this.#limits.tokens !== undefined;
  }

  get isLimitedInUsd(): boolean {
    return this.#limits.usd !== undefined;
  }

  /** @returns what was set aside for the call, or undefined when the call could pass a limit */
  reserve(question: Question, price: Price | undefined): Reservation | undefined {
    const estimate = estimateUsage(question);
    const tokens = totalTokens(estimate) * this.#highestRatio;
    const usd = price === undefined ? 0 : costUsd(estimate, price) * this.#highestRatio;
    if (this.#tokens + this.#reservedTokens + tokens > (this.#limits.tokens ?? Infinity)) return undefined;
    if (this.#usd + this.#reservedUsd + usd > (this.#limits.usd ?? Infinity)) return undefined;
    this.#reservedTokens += tokens;
    this.#reservedUsd += usd;
    return { estimate, tokens, usd };
  }

  /** Gives back what was set aside. */
  release({ tokens, usd }: Reservation): void {
    this.#reservedTokens -= tokens;
    this.#reservedUsd -= usd;
  }

  /** Counts what an answer used; a provider that does not say is charged the estimate. */
  spend(used: Usage, price: Price | undefined, estimate?: Usage): void {
    this.#tokens += totalTokens(used);
    if (price !== undefined) this.#usd += costUsd(used, price);
    if (estimate !== undefined) this.#highestRatio = Math.max(this.#highestRatio, ratio(used, estimate, price));
  }
}

export interface Reservation extends Spending {
  readonly estimate: Usage;
}

/** The price of so many tokens in US dollars. */
export function costUsd({ inputTokens, outputTokens }: Usage, { input, output }: Price): number {
  return (inputTokens * input + outputTokens * output) / 1e6;
}

const totalTokens = ({ inputTokens, outputTokens }: Usage): number => inputTokens + outputTokens;

function ratio(used: Usage, estimate: Usage, price: Price | undefined): number {
  const tokens = totalTokens(used) / Math.max(1, totalTokens(estimate));
  const estimatedUsd = price === undefined ? 0 : costUsd(estimate, price);
  return estimatedUsd > 0 ? Math.max(tokens, costUsd(used, price!) / estimatedUsd) : tokens;
}
