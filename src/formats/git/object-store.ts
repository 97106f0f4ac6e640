import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { AssayError } from "#base";
import { textOf } from "./git-folder.ts";
import { inflated } from "./inflated.ts";
import { damaged, type ObjectKind, orDamaged, type StoredObject } from "./objects.ts";
import { Pack, type TooLarge } from "./pack.ts";

const noLimit = Number.POSITIVE_INFINITY;
const isKind = (word: string): word is ObjectKind => ["commit", "tree", "blob", "tag"].includes(word);

/** The objects of a repository: loose ones, packs, and the folders that it borrows from. */
export class ObjectStore {
  readonly #folders: readonly string[];
  #packs: readonly Pack[] | undefined;

  constructor(folder: string) {
    this.#folders = withAlternates(folder);
  }

  /** An object, or its size when that is above the limit. @throws AssayError GIT_OBJECT_MISSING, GIT_DAMAGED */
  read(id: string, limit = noLimit): StoredObject | TooLarge {
    const found = this.find(id, limit);
    if (found !== undefined) return found;
    const what = `git: Found no object ${id}; the clone is partial or damaged`;
    throw new AssayError("GIT_OBJECT_MISSING", `${what}, fetch it with its history and contents`);
  }

  /** As `read`, and undefined where there is none. */
  find(id: string, limit = noLimit): StoredObject | TooLarge | undefined {
    return orDamaged(`object ${id}`, () => this.#find(id, limit));
  }

  #find(id: string, limit: number): StoredObject | TooLarge | undefined {
    for (const pack of this.#openPacks()) {
      const offset = pack.index.find(id);
      if (offset !== undefined) return pack.read(offset, { limit, base: (base) => this.#whole(base) });
    }
    return this.#loose(id, limit);
  }

  /** Full identities that begin with some digits. */
  startingWith(digits: string): string[] {
    const packed = this.#openPacks().flatMap((pack) => orDamaged("a pack", () => pack.index.startingWith(digits)));
    const loose = this.#folders.flatMap((folder) => {
      const names = namesIn(join(folder, digits.slice(0, 2)));
      return names.map((name) => digits.slice(0, 2) + name).filter((id) => id.startsWith(digits));
    });
    return [...new Set([...packed, ...loose])];
  }

  close(): void {
    for (const pack of this.#packs ?? []) pack.close();
    this.#packs = undefined;
  }

  #whole(id: string): StoredObject | undefined {
    const found = this.find(id);
    return found === undefined || "tooLarge" in found ? undefined : found;
  }

  #loose(id: string, limit: number): StoredObject | TooLarge | undefined {
    const path = this.#folders.map((folder) => join(folder, id.slice(0, 2), id.slice(2))).find((at) => isFile(at));
    if (path === undefined) return undefined;
    const packed = readFileSync(path);
    const [kind = "", size = ""] = headOf(packed).split(" ");
    if (!isKind(kind) || !/^\d+$/.test(size)) throw damaged(`object ${id}`, "its kind and size");
    if (Number(size) > limit) return { tooLarge: Number(size) };
    const bytes = inflated(packed, { most: Number(size) + 64 });
    if (bytes === undefined) throw damaged(`object ${id}`, `${size} bytes`);
    return { kind, bytes: bytes.subarray(bytes.indexOf(0) + 1) };
  }

  #openPacks(): readonly Pack[] {
    this.#packs ??= this.#folders
      .map((folder) => join(folder, "pack"))
      .flatMap((folder) => namesIn(folder).map((name) => join(folder, name)))
      .filter((path) => path.endsWith(".idx") && isFile(path.replace(/idx$/, "pack")))
      .map((path) => new Pack(path.slice(0, -".idx".length)));
    return this.#packs;
  }
}

/** `blob 12`, from the first bytes alone: the whole may be large. */
function headOf(packed: Buffer): string {
  const start = inflated(packed.subarray(0, 512), { isStart: true });
  return start?.toString("latin1", 0, Math.max(0, start.indexOf(0))) ?? "";
}

function withAlternates(folder: string, seen = new Set<string>()): string[] {
  if (seen.has(folder) || seen.size > 8) return [];
  seen.add(folder);
  const list = join(folder, "info", "alternates");
  const lines = (textOf(list) ?? "").split("\n");
  const others = lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => resolve(folder, line));
  return [folder, ...others.flatMap((other) => withAlternates(other, seen))];
}

/** Only regular files are opened: a pipe in the place of one would wait for ever. */
const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);
