import type { Program } from "#engine";

type AnyProgram = Program<unknown, unknown>;

/** The compiled programs of one model, by what tells them apart. */
export class ProgramCache {
  readonly #made = new Map<string, Promise<AnyProgram>>();

  /** The program for a key, compiled when it is first asked for. */
  get<Inputs, Outputs>(key: string, make: () => Promise<Program<Inputs, Outputs>>): Promise<Program<Inputs, Outputs>> {
    const known = this.#made.get(key);
    if (known !== undefined) return known as unknown as Promise<Program<Inputs, Outputs>>;
    const made = make();
    this.#made.set(key, made as unknown as Promise<AnyProgram>);
    // A failure is not kept: the next caller tries again.
    made.catch(() => this.#made.delete(key));
    return made;
  }
}
