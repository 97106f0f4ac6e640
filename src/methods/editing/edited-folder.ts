/**
 * Edited folders: a model's folder with patches on it, that remembers what lay there before.
 *
 * `edits/` holds the bytes of every tensor that an edit touched, the patches, and what belongs to which: so whatever the
 * number type, taking patches back gives the bytes that were there, not numbers near them.
 */
import { join } from "node:path";
import { AssayError, sha256, type Tensor } from "#base";
import { leavesOf } from "#engine";
import {
  type Checkpoint,
  copyFile,
  copyWithValues,
  isVacant,
  listFolder,
  makeFolder,
  openCheckpoint,
  type StorageType,
  toStoredBytes,
  writeAtomically,
  writeSafetensors,
} from "#formats";
import { openModelFolder, readWeight, type StoredWeight, storedValues } from "#models";
import { type EditStorage, withUpdates } from "./add-update.ts";
import { otherBase, stackedUpdates } from "./apply-patch.ts";
import {
  type AppliedPatch,
  type EditLedger,
  editsFolder,
  ledgerName,
  originalsName,
  readEditLedger,
} from "./edit-ledger.ts";
import { fingerprintOf, joinFingerprints } from "./fingerprint.ts";
import type { Patch } from "./patch.ts";
import { loadPatch, savePatch } from "./patch-file.ts";

/** What a change of a folder did. */
export interface FolderChange {
  readonly folder: string;
  readonly patches: readonly AppliedPatch[];
  /** Names of the tensors whose bytes differ from the folder that was read. */
  readonly changed: readonly string[];
}

/**
 * Writes a copy of a model's folder with a patch on it. Names, number types and every byte but those of the edited tensors
 * stay; what they were is kept beside them.
 *
 * @throws AssayError PATCH_BASE_MISMATCH, PATCH_APPLIED, EDIT_STALE, CHECKPOINT_EXISTS, CHECKPOINT_UNSUPPORTED, VALUE_OVERFLOW,
 *   EDIT_WITHOUT_EFFECT, EDIT_SPILLED
 * @example applyToFolder("./folder", loadPatch("patch.safetensors"), { output: "./edited" });
 */
export function applyToFolder(folder: string, patch: Patch, { output }: { readonly output: string }): FolderChange {
  using state = new FolderState(folder);
  if (state.patches.some(({ id }) => id === patch.id)) {
    throw new AssayError("PATCH_APPLIED", `${folder}: Expected a patch that is not on it, got ${patch.id}`);
  }
  const needs = state.needsOf(patch);
  const applied = { id: patch.id, method: patch.certificate.method, needs };
  return state.write(output, { patches: [...state.loaded(), patch], listed: [...state.patches, applied] });
}

/** Which patches are taken back. */
export interface RevertOptions {
  readonly output: string;
  /** Ids of patches, or their first digits; all of them when left out. */
  readonly patches?: readonly string[];
}

/**
 * Writes a copy of an edited folder without some of its patches; without all of them, its weight files are byte for byte
 * those from before.
 *
 * @throws AssayError PATCH_UNKNOWN, PATCH_NEEDED, EDIT_STALE, CHECKPOINT_EXISTS
 * @example revertFolder("./edited", { output: "./restored" });
 */
export function revertFolder(folder: string, { output, patches: wanted }: RevertOptions): FolderChange {
  using state = new FolderState(folder);
  const gone = new Set(wanted?.map((id) => state.find(id)) ?? state.patches.map(({ id }) => id));
  if (gone.size === 0) throw new AssayError("PATCH_UNKNOWN", `${folder}: Expected patches on it, found none`);
  const listed = state.patches.filter(({ id }) => !gone.has(id));
  const needing = listed.find(({ needs }) => needs.some((id) => gone.has(id)));
  if (needing !== undefined) {
    const need = needing.needs.find((id) => gone.has(id));
    const claim = `Expected to keep what others stand on, got ${need}, on top of which ${needing.id} was made`;
    throw new AssayError("PATCH_NEEDED", `${folder}: ${claim}; take ${needing.id} back as well`);
  }
  return state.write(output, { patches: state.loaded().filter(({ id }) => !gone.has(id)), listed });
}

interface NextState {
  readonly patches: readonly Patch[];
  readonly listed: readonly AppliedPatch[];
}

/** A folder as it is, with what it was. */
class FolderState implements Disposable {
  readonly #folder: string;
  readonly #checkpoint: Checkpoint;
  readonly #originals: Checkpoint | undefined;
  readonly #weights: ReadonlyMap<string, StoredWeight>;
  readonly #ledger: EditLedger | undefined;
  #hashes: { readonly base: string; readonly current: string } | undefined;

  constructor(folder: string) {
    const { checkpoint, plan } = openModelFolder(folder);
    this.#folder = folder;
    this.#checkpoint = checkpoint;
    this.#weights = leavesOf<StoredWeight>(plan);
    this.#ledger = readEditLedger(folder);
    this.#originals = this.#ledger === undefined ? undefined : openCheckpoint(join(folder, originalsName));
    this.#expectOwn();
  }

  [Symbol.dispose](): void {
    this.#checkpoint.close();
    this.#originals?.close();
  }

  get patches(): readonly AppliedPatch[] {
    return this.#ledger?.patches ?? [];
  }

  loaded(): Patch[] {
    return this.patches.map(({ id }) => loadPatch(join(this.#folder, editsFolder, `${id}.safetensors`)));
  }

  /** The whole id that some digits begin. @throws AssayError PATCH_UNKNOWN */
  find(start: string): string {
    const found = this.patches.filter(({ id }) => id.startsWith(start));
    if (found.length === 1) return found[0]!.id;
    const names = this.patches.map(({ id }) => id).join(", ");
    throw new AssayError("PATCH_UNKNOWN", `${this.#folder}: Expected one of its patches (${names}), got "${start}"`);
  }

  /** The patches that a new one was made on top of. @throws AssayError PATCH_BASE_MISMATCH */
  needsOf(patch: Patch): string[] {
    const { base, current } = this.#fingerprints();
    if (patch.certificate.base === base) return [];
    if (patch.certificate.base === current) return this.patches.map(({ id }) => id);
    throw otherBase(this.#folder, patch, base);
  }

  /** Writes the folder with other patches on it. */
  write(output: string, { patches, listed }: NextState): FolderChange {
    if (!isVacant(output)) {
      throw new AssayError("CHECKPOINT_EXISTS", `editing: Expected an empty folder at ${output}, found files`);
    }
    const paths = new Set([...Object.keys(this.#ledger?.tensors ?? {}), ...patches.flatMap(pathsOf)]);
    const values = new Map([...paths].map((path) => [path, this.#valueOf(path, patches)]));
    const changed = this.#changedNames(values);
    const named = new Map([...values].map(([path, bytes]) => [this.#weights.get(path)!.name, bytes]));
    this.#copyFiles(output, named);
    if (listed.length > 0) this.#keep(output, { patches, listed, values });
    expectOthersSame(this.#checkpoint, output, new Set(changed));
    return { folder: output, patches: listed, changed };
  }

  /** A tensor's stored bytes with some patches on it; without any, the bytes that were there before. */
  #valueOf(path: string, patches: readonly Patch[]): Uint8Array {
    const own = stackedUpdates(patches).filter((update) => update.path === path);
    const weight = this.#weights.get(path);
    if (weight === undefined) {
      throw new AssayError("PATH_UNKNOWN", `${this.#folder}: Expected weights that it has, got "${path}"`);
    }
    if (own.length === 0) return this.#originalBytes(path);
    const { storage } = this.#checkpoint.entry(weight.name);
    const edited = withUpdates(this.#originalWeight(path), own, expectEditable(this.#folder, storage));
    return toStoredBytes(weight.name, storedValues(weight, edited), storage);
  }

  #sourceOf(path: string): Checkpoint {
    return this.#originals !== undefined && this.#ledger?.tensors[path] !== undefined
      ? this.#originals
      : this.#checkpoint;
  }

  #originalBytes(path: string): Uint8Array {
    return this.#sourceOf(path).readRaw(this.#weights.get(path)!.name);
  }

  #originalWeight(path: string): Tensor<"float32"> {
    return readWeight(this.#sourceOf(path), this.#weights.get(path)!) as Tensor<"float32">;
  }

  #changedNames(values: ReadonlyMap<string, Uint8Array>): string[] {
    const differs = ([path, bytes]: [string, Uint8Array]): boolean =>
      Buffer.compare(bytes, this.#checkpoint.readRaw(this.#weights.get(path)!.name)) !== 0;
    const changed = [...values].filter(differs).map(([path]) => this.#weights.get(path)!.name);
    if (changed.length > 0) return changed;
    const claim = "Expected the bytes of at least one tensor to change, got none";
    throw new AssayError("EDIT_WITHOUT_EFFECT", `${this.#folder}: ${claim}`);
  }

  /** Every file of the folder but its own records, the weights' with the new bytes in their places. */
  #copyFiles(output: string, named: ReadonlyMap<string, Uint8Array>): void {
    makeFolder(output);
    const byFile = Map.groupBy(named, ([name]) => expectSafetensors(this.#checkpoint.entry(name).file.path));
    const files = listFolder(this.#folder, { followLinks: true }).filter(
      ({ name }) => !name.startsWith(`${editsFolder}/`),
    );
    for (const { name } of files) {
      const from = join(this.#folder, name);
      const own = byFile.get(from);
      if (own === undefined) copyFile(from, join(output, name));
      else copyWithValues(from, join(output, name), new Map(own));
    }
  }

  #keep(output: string, { patches, listed, values }: NextState & { readonly values: ReadonlyMap<string, Uint8Array> }) {
    makeFolder(join(output, editsFolder));
    const used = [...values.keys()].filter((path) => patches.some((patch) => pathsOf(patch).includes(path)));
    const originals = used.map((path) => {
      const { name } = this.#weights.get(path)!;
      const { shape, storage } = this.#checkpoint.entry(name);
      return { name, shape, storage, load: () => this.#originalBytes(path) };
    });
    writeSafetensors(join(output, originalsName), originals);
    for (const patch of patches) savePatch(join(output, editsFolder, `${patch.id}.safetensors`), patch);
    const tensors = used.map((path) => [
      path,
      {
        name: this.#weights.get(path)!.name,
        original: sha256(this.#originalBytes(path)),
        edited: sha256(values.get(path)!),
      },
    ]);
    const base = this.#ledger?.base ?? this.#fingerprints().base;
    const ledger = { version: 1, base, patches: listed, tensors: Object.fromEntries(tensors) } satisfies EditLedger;
    writeAtomically(join(output, ledgerName), (append) => append(Buffer.from(`${JSON.stringify(ledger, null, 1)}\n`)));
  }

  /** Hashes of the weights without and with the patches; reads each weight once. */
  #fingerprints(): { readonly base: string; readonly current: string } {
    if (this.#hashes !== undefined) return this.#hashes;
    const [base, current]: Record<string, string>[] = [{}, {}];
    for (const [path, weight] of this.#weights) {
      current![path] = fingerprintOf(readWeight(this.#checkpoint, weight));
      const isEdited = this.#ledger?.tensors[path] !== undefined;
      base![path] = isEdited ? fingerprintOf(this.#originalWeight(path)) : current![path]!;
    }
    this.#hashes = { base: joinFingerprints(base!).weights, current: joinFingerprints(current!).weights };
    return this.#hashes;
  }

  /** What somebody wrote over an edit would be lost. @throws AssayError EDIT_STALE */
  #expectOwn(): void {
    for (const { name, original, edited } of Object.values(this.#ledger?.tensors ?? {})) {
      const isOwn =
        sha256(this.#checkpoint.readRaw(name)) === edited && sha256(this.#originals!.readRaw(name)) === original;
      if (isOwn) continue;
      const claim = `Expected "${name}" as its patches left it, got other bytes`;
      throw new AssayError("EDIT_STALE", `${this.#folder}: ${claim}; somebody changed the weights since`);
    }
  }
}

const pathsOf = ({ updates }: Patch): string[] => updates.map(({ path }) => path);

/** @throws AssayError CHECKPOINT_UNSUPPORTED */
function expectEditable(folder: string, storage: StorageType): EditStorage {
  if (storage === "F32" || storage === "F16" || storage === "BF16") return storage;
  throw new AssayError("CHECKPOINT_UNSUPPORTED", `${folder}: Expected F32, F16 or BF16 to edit, got ${storage}`);
}

/** @throws AssayError CHECKPOINT_UNSUPPORTED */
function expectSafetensors(path: string): string {
  if (path.endsWith(".safetensors")) return path;
  const claim = `Expected safetensors, whose values can be put back byte for byte, got ${path}`;
  throw new AssayError("CHECKPOINT_UNSUPPORTED", `editing: ${claim}; save the model anew first`);
}

/** @throws AssayError EDIT_SPILLED */
function expectOthersSame(before: Checkpoint, folder: string, changed: ReadonlySet<string>): void {
  using after = openCheckpoint(folder);
  for (const name of before.tensors.keys()) {
    const isSame = Buffer.compare(before.readRaw(name), after.readRaw(name)) === 0;
    if (isSame !== changed.has(name)) continue;
    const claim = `Expected ${[...changed].join(", ")} alone to change, got otherwise for "${name}"`;
    throw new AssayError("EDIT_SPILLED", `${folder}: ${claim}`);
  }
}
