/** Lets any number of waiters sleep until something has changed; one promise, however many they are. */
export class Change {
  #upcoming: PromiseWithResolvers<void> | undefined;

  /** Resolves at the next announcement. */
  next(): Promise<void> {
    this.#upcoming ??= Promise.withResolvers<void>();
    return this.#upcoming.promise;
  }

  announce(): void {
    this.#upcoming?.resolve();
    this.#upcoming = undefined;
  }
}
