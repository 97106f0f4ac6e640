/**
 * Python's pickle, protocol 2, as data only: a stack machine with the operations that a dictionary of tensors needs.
 * A name is looked up in a table that the caller gives, so nothing is ever imported and nothing is ever run.
 *
 * Source   CPython, Lib/pickletools.py; PyTorch, torch/_weights_only_unpickler.py, for which operations those are
 */
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

/** Reads a pickle: dictionaries become maps, lists arrays, integers beyond 2^53 bigints. @throws AssayError PICKLE_REFUSED */
export function unpickle(bytes: Uint8Array, options: UnpickleOptions): unknown {
  return new Machine(bytes, options).run();
}

/** The error of a pickle that holds anything but data. */
export const refused = (path: string, got: string): AssayError =>
  new AssayError(
    "PICKLE_REFUSED",
    `pickle: Expected only tensors, numbers and text in ${path}, got ${got}; nothing of it was run. Convert the file to safetensors where it was made`,
  );

const mark = Symbol("mark");

class Machine {
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

  run(): unknown {
    for (;;) {
      const code = this.byte();
      if (code === stop) return this.pop();
      const operation = operations.get(code);
      if (operation === undefined) throw this.fault(`operation 0x${code.toString(16)}`);
      operation(this);
    }
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

const stop = 0x2e;

type Operation = (machine: Machine) => void;

const pushed =
  (read: (machine: Machine) => unknown): Operation =>
  (machine) =>
    machine.push(read(machine));

const uint8 = (machine: Machine): number => machine.byte();
const uint16 = (machine: Machine): number => machine.number(2, (view, at) => view.getUint16(at, true));
const int32 = (machine: Machine): number => machine.number(4, (view, at) => view.getInt32(at, true));
const uint32 = (machine: Machine): number => machine.number(4, (view, at) => view.getUint32(at, true));
const float64 = (machine: Machine): number => machine.number(8, (view, at) => view.getFloat64(at, false));

function long(machine: Machine): number | bigint {
  const bytes = machine.take(machine.byte());
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  const signed = BigInt.asIntN(bytes.length * 8, value);
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
}

const tuple =
  (length: number): Operation =>
  (machine) => {
    const items = Array.from({ length }, () => machine.pop());
    machine.push(new Tuple(items.reverse()));
  };

function global(machine: Machine): Global {
  const name = `${machine.line()} ${machine.line()}`;
  const known = machine.options.globals.get(name);
  if (known === undefined) throw machine.fault(`the name ${name.replace(" ", ".").slice(0, 100)}`);
  return known;
}

function reduce(machine: Machine): void {
  const args = machine.pop();
  const callee = machine.pop();
  if (!(callee instanceof Global) || callee.call === undefined || !(args instanceof Tuple)) {
    const name = callee instanceof Global ? callee.name : typeof callee;
    throw machine.fault(`a call of ${name.replace(" ", ".")}`);
  }
  machine.push(callee.call(args.items));
}

function append(machine: Machine, items: readonly unknown[]): void {
  const list = machine.top();
  if (!Array.isArray(list)) throw machine.fault("items for what is no list");
  for (const item of items) list.push(item);
}

function setItems(machine: Machine, items: readonly unknown[]): void {
  const dictionary = machine.top();
  if (!(dictionary instanceof Map) || items.length % 2 !== 0) throw machine.fault("items for what is no dictionary");
  for (let at = 0; at < items.length; at += 2) dictionary.set(items[at], items[at + 1]);
}

/** Attributes of an ordered dictionary (`_metadata`) are of no use here; nothing else may have a state. */
function build(machine: Machine): void {
  const state = machine.pop();
  if (!(machine.top() instanceof Map) || !(state instanceof Map)) throw machine.fault("a state of an object");
}

function setPair(machine: Machine): void {
  const value = machine.pop();
  const key = machine.pop();
  setItems(machine, [key, value]);
}

function remember(machine: Machine, key: number): void {
  machine.memo.set(key, machine.top());
}

function recall(machine: Machine, key: number): void {
  if (!machine.memo.has(key)) throw machine.fault(`an unknown reference ${key}`);
  machine.push(machine.memo.get(key));
}

function protocol(machine: Machine): void {
  const version = machine.byte();
  if (version !== 2) throw machine.fault(`protocol ${version}`);
}

const operations: ReadonlyMap<number, Operation> = new Map<number, Operation>(
  Object.entries({
    "\x80": protocol,
    c: pushed(global),
    R: reduce,
    b: build,
    Q: pushed((machine) => machine.options.persistent(machine.pop())),
    "(": pushed(() => mark),
    a: (machine: Machine) => {
      const item = machine.pop();
      append(machine, [item]);
    },
    e: (machine: Machine) => append(machine, machine.popMark()),
    s: setPair,
    u: (machine: Machine) => setItems(machine, machine.popMark()),
    t: pushed((machine) => new Tuple(machine.popMark())),
    ")": tuple(0),
    "\x85": tuple(1),
    "\x86": tuple(2),
    "\x87": tuple(3),
    "]": pushed(() => []),
    "}": pushed(() => new Map()),
    N: pushed(() => null),
    "\x88": pushed(() => true),
    "\x89": pushed(() => false),
    J: pushed(int32),
    K: pushed(uint8),
    M: pushed(uint16),
    G: pushed(float64),
    "\x8a": pushed(long),
    X: pushed((machine) => machine.text(uint32(machine))),
    U: pushed((machine) => Buffer.from(machine.take(uint8(machine))).toString("latin1")),
    h: (machine: Machine) => recall(machine, uint8(machine)),
    j: (machine: Machine) => recall(machine, uint32(machine)),
    q: (machine: Machine) => remember(machine, uint8(machine)),
    r: (machine: Machine) => remember(machine, uint32(machine)),
  } satisfies Readonly<Record<string, Operation>>).map(([letter, operation]) => [letter.charCodeAt(0), operation]),
);
