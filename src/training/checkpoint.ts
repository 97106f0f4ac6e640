/** Everything that training needs to go on, in one safetensors file that is whole at any instant. */
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { AssayError, type RandomStreamState, type Tensor } from "#base";
import { leavesOf, type OptimizerState } from "#engine";
import { openCheckpoint, sourceOf, writeSafetensors } from "#formats";

const format = "assay-training/1";

/** What a checkpoint holds; the tensors are read into in place. */
export interface TrainingState {
  readonly weights: unknown;
  readonly optimizer: OptimizerState;
}

/** What stands beside the tensors. */
export interface CheckpointNotes {
  /** Finished steps. */
  readonly step: number;
  readonly streams: Readonly<Record<string, RandomStreamState>>;
  /** What must be the same when training goes on, by name. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Tensors by their names in the file. */
function tensorsOf({ weights, optimizer }: TrainingState): Map<string, Tensor> {
  return new Map([...leavesOf<Tensor>(weights, "weights"), ...leavesOf<Tensor>(optimizer, "optimizer")]);
}

const fileOf = (step: number): string => `step-${String(step).padStart(8, "0")}.safetensors`;

/**
 * Writes a checkpoint, then removes all but the latest `keep`, and those of later steps: they are from a training that was
 * given up for this one, and would be taken for its latest.
 *
 * @returns its path
 */
export function saveCheckpoint(
  folder: string,
  state: TrainingState,
  { keep, ...notes }: CheckpointNotes & { readonly keep: number },
): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, fileOf(notes.step));
  const metadata = {
    format,
    step: String(notes.step),
    streams: JSON.stringify(notes.streams),
    settings: JSON.stringify(notes.settings),
  };
  const sources = [...tensorsOf(state)].map(([name, tensor]) => sourceOf(name, tensor));
  writeSafetensors(path, sources, { metadata });
  const all = listCheckpoints(folder);
  const kept = all.slice(0, all.indexOf(path) + 1).slice(-keep);
  for (const other of all) if (!kept.includes(other)) rmSync(other, { force: true });
  return path;
}

/** The checkpoints in a folder, the latest last. */
export function listCheckpoints(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^step-\d{8,}\.safetensors$/.test(name));
  return names.sort((a, b) => stepOf(a) - stepOf(b)).map((name) => join(folder, name));
}

const stepOf = (name: string): number => Number(/\d+/.exec(name)![0]);

/** Removes what a killed process left half written. */
export function removeDrafts(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder))
    if (/^step-.*\.draft$/.test(name)) rmSync(join(folder, name), { force: true });
}

/**
 * Reads a checkpoint into the tensors of `state`, in place.
 *
 * @throws AssayError CHECKPOINT_MISMATCH when it belongs to another training, naming what differs; CHECKPOINT_INVALID
 */
export function loadCheckpoint(
  path: string,
  state: TrainingState,
  settings: Readonly<Record<string, string>>,
): CheckpointNotes {
  using checkpoint = openCheckpoint(path);
  const notes = notesOf(path, checkpoint.metadata);
  expectSame(path, notes.settings, settings);
  const wanted = tensorsOf(state);
  for (const [name, tensor] of wanted) {
    const { shape } = checkpoint.entry(name);
    if (shape.join() !== tensor.shape.join()) throw mismatch(path, `"${name}" [${shape.join(", ")}]`);
  }
  for (const [name, tensor] of wanted) checkpoint.read(name, { into: tensor.data });
  return notes;
}

function notesOf(path: string, metadata: Readonly<Record<string, string>>): CheckpointNotes {
  const { step, streams, settings } = metadata;
  if (metadata.format !== format || step === undefined || streams === undefined || settings === undefined) {
    const got = `got format "${metadata.format ?? "none"}"`;
    throw new AssayError("CHECKPOINT_INVALID", `training: Expected a checkpoint of training at ${path}, ${got}`);
  }
  return { step: Number(step), streams: parsedNote(path, streams), settings: parsedNote(path, settings) };
}

function parsedNote<Note>(path: string, text: string): Note {
  try {
    return JSON.parse(text) as Note;
  } catch (cause) {
    const message = `training: Expected JSON in the notes of ${path}, got "${text.slice(0, 40)}"`;
    throw new AssayError("CHECKPOINT_INVALID", message, { cause });
  }
}

function expectSame(
  path: string,
  stored: Readonly<Record<string, string>>,
  current: Readonly<Record<string, string>>,
): void {
  const names = new Set([...Object.keys(stored), ...Object.keys(current)]);
  const different = [...names].filter((name) => stored[name] !== current[name]);
  if (different.length > 0) throw mismatch(path, `another ${different.join(", ")}`);
}

function mismatch(path: string, got: string): AssayError {
  const wayOut = "name another folder, or set resume: false to start over";
  const message = `training: Expected ${path} to continue this training, got ${got}; ${wayOut}`;
  return new AssayError("CHECKPOINT_MISMATCH", message);
}
