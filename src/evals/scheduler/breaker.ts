import { type Failure, failureSignature } from "./failure.ts";

/** Opens after `limit` questions in a row failed for good with the same error and no answer between them. */
export interface Breaker {
  readonly isOpen: boolean;
  /** How many questions in a row failed alike. */
  readonly count: number;
  answered(): void;
  /** @returns whether this error differs from the one before, so that the earlier ones were no outage */
  failed(failure: Failure): { readonly isNew: boolean };
}

/** A closed breaker. */
export function createBreaker(limit: number): Breaker {
  let signature: string | undefined;
  let count = 0;
  return {
    get isOpen() {
      return count >= limit;
    },
    get count() {
      return count;
    },
    answered() {
      if (count >= limit) return; // an answer still in flight does not close what has opened
      [signature, count] = [undefined, 0];
    },
    failed(failure) {
      const current = failureSignature(failure);
      const isNew = current !== signature;
      if (isNew && count < limit) [signature, count] = [current, 1];
      else count++;
      return { isNew };
    },
  };
}
