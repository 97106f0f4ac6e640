import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { GitFolder } from "./git-folder.ts";
import { textOf } from "./git-folder.ts";

const isId = (text: string): boolean => /^[0-9a-f]{40}$/.test(text);

/** Where git looks for a short name, in its order. */
const places = ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"];

/** What the names of a repository point to. */
export class References {
  readonly #folder: GitFolder;
  readonly #packed: ReadonlyMap<string, string>;

  constructor(folder: GitFolder) {
    this.#folder = folder;
    this.#packed = packedIn(folder);
  }

  /** The identity that a name stands for, or undefined. */
  find(name: string): string | undefined {
    if (name.split("/").includes("..") || name.startsWith("/")) return undefined;
    for (const place of places) {
      const found = this.#follow(place + name);
      if (found !== undefined) return found;
    }
    return this.#follow(`refs/remotes/${name}/HEAD`);
  }

  /** Every full name, sorted. */
  names(): string[] {
    const loose = this.#looseIn("refs");
    return [...new Set([...loose, ...this.#packed.keys()])].sort();
  }

  #follow(name: string, depth = 0): string | undefined {
    const text = textOf(join(this.#folder.own, name)) ?? textOf(join(this.#folder.shared, name));
    const value = text?.trim() ?? this.#packed.get(name);
    if (value === undefined || isId(value)) return value;
    if (!value.startsWith("ref: ") || depth > 8) return undefined;
    return this.#follow(value.slice("ref: ".length), depth + 1);
  }

  #looseIn(name: string): string[] {
    const folder = join(this.#folder.shared, name);
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const inner = `${name}/${entry.name}`;
      if (entry.isDirectory()) return this.#looseIn(inner);
      return entry.isFile() && !entry.name.endsWith(".lock") ? [inner] : [];
    });
  }
}

function packedIn({ shared }: GitFolder): ReadonlyMap<string, string> {
  const lines = (textOf(join(shared, "packed-refs")) ?? "").split("\n");
  const pairs = lines.map((line) => /^([0-9a-f]{40}) (\S.*)$/.exec(line)).filter((match) => match !== null);
  return new Map(pairs.map(([, id, name]) => [name!, id!]));
}
