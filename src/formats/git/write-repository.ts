import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deflateSync } from "node:zlib";
import type { ObjectKind } from "./objects.ts";

/** What is written at a path: a text, bytes, a program, a symbolic link, or a submodule at a commit. */
export type WrittenFile =
  | string
  | Uint8Array
  | { readonly executable: string }
  | { readonly link: string }
  | { readonly submodule: string };

/** A commit to be written, after the one before it in the list. */
export interface WrittenCommit {
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  /** Seconds since 1970: the same commits have the same identities on every machine. */
  readonly seconds: number;
  /** Every file of the commit, by its path. */
  readonly files: ReadonlyMap<string, WrittenFile>;
}

/**
 * Writes a bare history of one line to `<folder>/.git`, branch `main`, and returns the identities of its commits.
 *
 * No working files are written: `git checkout .` makes them.
 */
export function writeRepository(folder: string, commits: readonly WrittenCommit[]): string[] {
  const git = join(folder, ".git");
  for (const inner of ["objects/pack", "refs/heads", "refs/tags"]) mkdirSync(join(git, inner), { recursive: true });
  const settings = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n";
  writeFileSync(join(git, "config"), settings);
  writeFileSync(join(git, "HEAD"), "ref: refs/heads/main\n");
  const write = objectWriter(join(git, "objects"));
  const ids: string[] = [];
  for (const commit of commits) ids.push(write("commit", Buffer.from(commitText(commit, write, ids.at(-1)))));
  if (ids.length > 0) writeFileSync(join(git, "refs/heads/main"), `${ids.at(-1)}\n`);
  return ids;
}

type Write = (kind: ObjectKind, content: Uint8Array | string) => string;

/** Objects are written beside their place and renamed, each once. */
function objectWriter(folder: string): Write {
  // Most files are the same in the next commit: a text is hashed once.
  const texts = new Map<string, string>();
  const known = new Set<string>();
  const write = (kind: ObjectKind, bytes: Uint8Array): string => {
    const stored = Buffer.concat([Buffer.from(`${kind} ${bytes.length}\0`), bytes]);
    const id = createHash("sha1").update(stored).digest("hex");
    const path = join(folder, id.slice(0, 2), id.slice(2));
    if (known.has(id) || existsSync(path)) return id;
    known.add(id);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.draft`, deflateSync(stored, { level: 1 }));
    renameSync(`${path}.draft`, path);
    return id;
  };
  return (kind, content) => {
    if (typeof content !== "string") return write(kind, content);
    const id = texts.get(content) ?? write(kind, Buffer.from(content));
    texts.set(content, id);
    return id;
  };
}

function commitText(commit: WrittenCommit, write: Write, parent: string | undefined): string {
  const { name, email } = commit.author;
  const signature = `${name} <${email}> ${commit.seconds} +0000`;
  const lines = [
    `tree ${writeTree(commit.files, write)}`,
    ...(parent === undefined ? [] : [`parent ${parent}`]),
    `author ${signature}`,
    `committer ${signature}`,
  ];
  return `${lines.join("\n")}\n\n${commit.message.replace(/\n*$/, "\n")}`;
}

interface Line {
  readonly mode: string;
  readonly name: string;
  readonly id: string;
}

function writeTree(files: ReadonlyMap<string, WrittenFile>, write: Write): string {
  const folders = Map.groupBy(
    [...files].filter(([path]) => path.includes("/")),
    ([path]) => path.split("/")[0]!,
  );
  const lines: Line[] = [...folders].map(([name, members]) => {
    const inner = new Map(members.map(([path, file]) => [path.slice(name.length + 1), file]));
    return { mode: "40000", name, id: writeTree(inner, write) };
  });
  for (const [path, file] of files) if (!path.includes("/")) lines.push({ name: path, ...writeFile(file, write) });
  // git sorts by bytes, and folders as if their names ended in a slash.
  const key = ({ mode, name }: Line) => Buffer.from(mode === "40000" ? `${name}/` : name);
  lines.sort((a, b) => Buffer.compare(key(a), key(b)));
  const bytes = lines.flatMap(({ mode, name, id }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, "hex")]);
  return write("tree", Buffer.concat(bytes));
}

function writeFile(file: WrittenFile, write: Write): { mode: string; id: string } {
  if (typeof file === "string") return { mode: "100644", id: write("blob", file) };
  if (file instanceof Uint8Array) return { mode: "100644", id: write("blob", file) };
  if ("executable" in file) return { mode: "100755", id: write("blob", Buffer.from(file.executable)) };
  if ("link" in file) return { mode: "120000", id: write("blob", Buffer.from(file.link)) };
  return { mode: "160000", id: file.submodule };
}
