import { AssayError } from "#base";

/** A Python tuple, apart from a list. */
export class Tuple {
  readonly items: readonly unknown[];

  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** What a global name stands for: something that can be called, or a constant. */
export class Global {
  readonly name: string;
  /** Builds a value from the arguments; throws an AssayError when they are not what it expects. */
  readonly call: ((args: readonly unknown[]) => unknown) | undefined;

  constructor(name: string, call?: (args: readonly unknown[]) => unknown) {
    this.name = name;
    this.call = call;
  }
}

/** What the machine may know. */
export interface UnpickleOptions {
  /** For messages. */
  readonly path: string;
  /** The names that may appear, `module name`. */
  readonly globals: ReadonlyMap<string, Global>;
  /** Makes something of a reference to what lies outside the pickle. */
  persistent(id: unknown): unknown;
}

/** The error of a pickle that holds anything but data. */
export const refused = (path: string, got: string): AssayError =>
  new AssayError(
    "PICKLE_REFUSED",
    `pickle: Expected only tensors, numbers and text in ${path}, got ${got}; nothing of it was run. Convert the file to safetensors where it was made`,
  );

/** Where a list of arguments begins on the stack. */
export const mark = Symbol("mark");

/** The bytes of a pickle, the stack and what was remembered. */
export class Machine {
  readonly path: string;
  readonly options: UnpickleOptions;
  readonly stack: unknown[] = [];
  readonly memo = new Map<number, unknown>();
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array, options: UnpickleOptions) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.options = options;
    this.path = options.path;
  }

  fault(got: string): AssayError {
    return refused(this.path, `${got} at byte ${this.#at}`);
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  take(length: number): Uint8Array {
    const end = this.#at + length;
    if (length < 0 || end > this.#bytes.length) throw this.fault("an end too early");
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  /** Reads a number with the view, at the place that is then taken. */
  number(width: number, read: (view: DataView, at: number) => number): number {
    const at = this.#at;
    this.take(width);
    return read(this.#view, at);
  }

  text(length: number): string {
    return Buffer.from(this.take(length)).toString("utf8");
  }

  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    const text = this.text((end < 0 ? this.#bytes.length + 1 : end) - this.#at);
    this.take(1);
    return text;
  }

  push(value: unknown): void {
    this.stack.push(value);
  }

  pop(): unknown {
    const value = this.stack.pop();
    if (value === undefined || value === mark) throw this.fault("an empty stack");
    return value;
  }

  top(): unknown {
    const value = this.stack.at(-1);
    if (value === undefined || value === mark) throw this.fault("an empty stack");
    return value;
  }

  /** Everything above the latest mark, which goes too. */
  popMark(): unknown[] {
    const at = this.stack.lastIndexOf(mark);
    if (at < 0) throw this.fault("no mark");
    return this.stack.splice(at).slice(1);
  }
}
