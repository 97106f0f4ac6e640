/** An edited folder as it is, with what it was: the bytes under its patches, and which patches those are. */
import { dirname, join } from "node:path";
import { AssayError, sha256, type Tensor } from "#base";
import { leavesOf } from "#engine";
import {
  type Checkpoint,
  copyFile,
  copyWithValues,
  fillFolder,
  isVacant,
  listFolder,
  makeFolder,
  openCheckpoint,
  type StorageType,
  toStoredBytes,
  writeSafetensors,
  writeTextFile,
} from "#formats";
import { openModelFolder, readWeight, type StoredWeight, storedValues } from "#models";
import { type EditStorage, withUpdates } from "./add-update.ts";
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
import { levelsOf, otherBase, stackedUpdates } from "./patch-levels.ts";

/** What a change of a folder did. */
export interface FolderChange {
  readonly folder: string;
  readonly patches: readonly AppliedPatch[];
  /** Names of the tensors whose bytes differ from the folder that was read. */
  readonly changed: readonly string[];
}

/** Which patches a folder is to have. */
export interface NextState {
  readonly patches: readonly Patch[];
  /** The same, with what each stands on. */
  readonly listed: readonly AppliedPatch[];
}

/** A tensor's stored bytes, by the path of its weight. */
type StoredValues = ReadonlyMap<string, Uint8Array>;

/** A folder with its patches, opened. */
export class FolderState implements Disposable {
  readonly #folder: string;
  readonly #checkpoint: Checkpoint;
  readonly #originals: Checkpoint | undefined;
  readonly #weights: ReadonlyMap<string, StoredWeight>;
  readonly #ledger: EditLedger | undefined;
  #hashes: { readonly base: string; readonly current: string } | undefined;

  private constructor(folder: string, { checkpoint, plan, ledger }: OpenedFolder) {
    this.#folder = folder;
    this.#checkpoint = checkpoint;
    this.#weights = leavesOf<StoredWeight>(plan);
    this.#ledger = ledger;
    this.#originals = ledger && openCheckpoint(join(folder, originalsName));
  }

  /** @throws AssayError EDIT_STALE where the edited tensors are not as the patches left them; as openModelFolder() */
  static open(folder: string): FolderState {
    const ledger = readEditLedger(folder);
    const { checkpoint, plan } = openModelFolder(folder);
    let state: FolderState | undefined;
    try {
      state = new FolderState(folder, { checkpoint, plan, ledger });
      state.#expectOwn();
      return state;
    } catch (error) {
      if (state === undefined) checkpoint.close();
      else state[Symbol.dispose]();
      throw error;
    }
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

  /** Writes a copy of the folder with other patches on it; one that cannot be written whole is not there. */
  write(output: string, next: NextState): FolderChange {
    if (!isVacant(output)) {
      throw new AssayError("CHECKPOINT_EXISTS", `editing: Expected an empty folder at ${output}, found files`);
    }
    const paths = new Set([...Object.keys(this.#ledger?.tensors ?? {}), ...next.patches.flatMap(pathsOf)]);
    const values = new Map([...paths].map((path) => [path, this.#valueOf(path, next)]));
    const changed = this.#changedNames(values);
    const fill = (draft: string): void => {
      this.#copyFiles(draft, values);
      if (next.listed.length > 0) this.#keep(draft, next, values);
      expectOthersSame(this.#checkpoint, draft, new Set(changed));
    };
    fillFolder(output, fill, { last: "config.json" });
    return { folder: output, patches: next.listed, changed };
  }

  #weightAt(path: string): StoredWeight {
    const weight = this.#weights.get(path);
    if (weight !== undefined) return weight;
    throw new AssayError("PATH_UNKNOWN", `${this.#folder}: Expected weights that it has, got "${path}"`);
  }

  /** A tensor's stored bytes with some patches on it; without any, the bytes that were there before. */
  #valueOf(path: string, { patches, listed }: NextState): Uint8Array {
    const weight = this.#weightAt(path);
    const levels = levelsOf(patches, listed).map((level) => stackedUpdates(level).filter((one) => one.path === path));
    const own = levels.filter((updates) => updates.length > 0);
    if (own.length === 0) return this.#originalBytes(path);
    const { storage } = this.#checkpoint.entry(weight.name);
    const kept = expectEditable(this.#folder, storage);
    const edited = own.reduce((on, updates) => withUpdates(on, updates, kept), this.#originalWeight(path));
    return toStoredBytes(weight.name, storedValues(weight, edited), storage);
  }

  #sourceOf(path: string): Checkpoint {
    return this.#originals !== undefined && this.#ledger?.tensors[path] !== undefined
      ? this.#originals
      : this.#checkpoint;
  }

  #originalBytes(path: string): Uint8Array {
    return this.#sourceOf(path).readRaw(this.#weightAt(path).name);
  }

  #originalWeight(path: string): Tensor<"float32"> {
    return readWeight(this.#sourceOf(path), this.#weightAt(path)) as Tensor<"float32">;
  }

  #changedNames(values: StoredValues): string[] {
    const differs = ([path, bytes]: [string, Uint8Array]): boolean =>
      Buffer.compare(bytes, this.#checkpoint.readRaw(this.#weightAt(path).name)) !== 0;
    const changed = [...values].filter(differs).map(([path]) => this.#weightAt(path).name);
    if (changed.length > 0) return changed;
    const claim = "Expected the bytes of at least one tensor to change, got none";
    throw new AssayError("EDIT_WITHOUT_EFFECT", `${this.#folder}: ${claim}`);
  }

  /** Every file of the folder but its own records, the weights' with the new bytes in their places. */
  #copyFiles(draft: string, values: StoredValues): void {
    const named = [...values].map(([path, bytes]) => [this.#weightAt(path).name, bytes] as const);
    const byFile = Map.groupBy(named, ([name]) => this.#checkpoint.entry(name).file.path);
    const files = listFolder(this.#folder, { followLinks: true }).filter(
      ({ name }) => !name.startsWith(`${editsFolder}/`),
    );
    for (const { name } of files) {
      const from = join(this.#folder, name);
      const own = byFile.get(from);
      makeFolder(dirname(join(draft, name)));
      if (own === undefined) copyFile(from, join(draft, name));
      else copyWithValues(from, join(draft, name), new Map(own));
    }
  }

  #keep(draft: string, { patches, listed }: NextState, values: StoredValues): void {
    makeFolder(join(draft, editsFolder));
    const edited = new Set(patches.flatMap(pathsOf));
    const used = [...values.keys()].filter((path) => edited.has(path));
    const originals = used.map((path) => {
      const { name } = this.#weightAt(path);
      const { shape, storage } = this.#checkpoint.entry(name);
      return { name, shape, storage, load: () => this.#originalBytes(path) };
    });
    writeSafetensors(join(draft, originalsName), originals);
    for (const patch of patches) savePatch(join(draft, editsFolder, `${patch.id}.safetensors`), patch);
    const tensors = used.map((path) => {
      const [original, now] = [sha256(this.#originalBytes(path)), sha256(values.get(path)!)];
      return [path, { name: this.#weightAt(path).name, original, edited: now }] as const;
    });
    const base = this.#ledger?.base ?? this.#fingerprints().base;
    const ledger: EditLedger = { version: 1, base, patches: listed, tensors: Object.fromEntries(tensors) };
    writeTextFile(join(draft, ledgerName), `${JSON.stringify(ledger, null, 1)}\n`);
  }

  /** Hashes of the weights without and with the patches; reads each weight once. */
  #fingerprints(): { readonly base: string; readonly current: string } {
    if (this.#hashes !== undefined) return this.#hashes;
    const base: Record<string, string> = {};
    const current: Record<string, string> = {};
    for (const [path, weight] of this.#weights) {
      current[path] = fingerprintOf(readWeight(this.#checkpoint, weight));
      const isEdited = this.#ledger?.tensors[path] !== undefined;
      base[path] = isEdited ? fingerprintOf(this.#originalWeight(path)) : current[path];
    }
    this.#hashes = { base: joinFingerprints(base).weights, current: joinFingerprints(current).weights };
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

interface OpenedFolder {
  readonly checkpoint: Checkpoint;
  readonly plan: object;
  readonly ledger: EditLedger | undefined;
}

const pathsOf = ({ updates }: Patch): string[] => updates.map(({ path }) => path);

/** @throws AssayError CHECKPOINT_UNSUPPORTED */
function expectEditable(folder: string, storage: StorageType): EditStorage {
  if (storage === "F32" || storage === "F16" || storage === "BF16") return storage;
  throw new AssayError("CHECKPOINT_UNSUPPORTED", `${folder}: Expected F32, F16 or BF16 to edit, got ${storage}`);
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
