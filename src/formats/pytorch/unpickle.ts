/**
 * Python's pickle, protocol 2, as data only: a stack machine with the operations that a dictionary of tensors needs.
 * A name is looked up in a table that the caller gives, so nothing is ever imported and nothing is ever run.
 *
 * Source   CPython, Lib/pickletools.py; PyTorch, torch/_weights_only_unpickler.py, for which operations those are
 */
import { Global, Machine, mark, Tuple, type UnpickleOptions } from "./pickle-machine.ts";

const stop = 0x2e;

/** Reads a pickle: dictionaries become maps, lists arrays, integers beyond 2^53 bigints. @throws AssayError PICKLE_REFUSED */
export function unpickle(bytes: Uint8Array, options: UnpickleOptions): unknown {
  const machine = new Machine(bytes, options);
  for (;;) {
    const code = machine.byte();
    if (code === stop) return machine.pop();
    const operation = operations.get(code);
    if (operation === undefined) throw machine.fault(`operation 0x${code.toString(16)}`);
    operation(machine);
  }
}

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
