import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { AssayError } from "#base";
import { openRepository, type WrittenCommit, writeRepository } from "./index.ts";

const hasGit = spawnSync("git", ["--version"]).status === 0;
const room = mkdtempSync(join(tmpdir(), "assay-git-damage-"));
afterAll(() => rmSync(room, { recursive: true, force: true }));

const folderOf = (name: string): string => join(room, name);
const commitOf = (seconds: number, files: Record<string, string>): WrittenCommit => ({
  message: `Commit ${seconds}`,
  author: { name: "Ada", email: "ada@example.org" },
  seconds,
  files: new Map(Object.entries(files)),
});

/** Stores bytes under an identity that is not their own, as no git would. */
function forged(folder: string, id: string, [kind, content]: readonly [kind: string, content: Buffer]): void {
  const path = join(folder, ".git/objects", id.slice(0, 2));
  mkdirSync(path, { recursive: true });
  const stored = Buffer.concat([Buffer.from(`${kind} ${content.length}\0`), content]);
  writeFileSync(join(path, id.slice(2)), deflateSync(stored));
}

test("Repository says what is damaged where a tree lies within itself, and a tag leads to itself or nowhere", () => {
  const folder = folderOf("rings");
  const [tree, commit, ring, bare] = ["1", "2", "3", "4"].map((digit) => digit.repeat(40)) as [
    string,
    string,
    string,
    string,
  ];
  writeRepository(folder, []);
  forged(folder, tree, ["tree", Buffer.concat([Buffer.from("40000 a\0"), Buffer.from(tree, "hex")])]);
  forged(folder, commit, ["commit", Buffer.from(`tree ${tree}\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n\n`)]);
  forged(folder, ring, ["tag", Buffer.from(`object ${ring}\n`)]);
  forged(folder, bare, ["tag", Buffer.from("type commit\n")]);
  const repository = openRepository(folder);

  for (const read of [() => repository.files(commit), () => repository.resolve(ring), () => repository.resolve(bare)]) {
    expect(read).toThrow(expect.objectContaining({ code: "GIT_DAMAGED" }));
  }
});

test.skipIf(!hasGit)(
  "Repository answers a damaged pack with what is right or an AssayError: opt-in, with a git program",
  () => {
    const folder = folderOf("packed");
    const text = (at: number) =>
      Array.from({ length: 200 }, (_, line) => `line ${line % 40 === at ? at : line}`).join("\n");
    const commits = Array.from({ length: 12 }, (_, at) => commitOf(at + 1, { "src/a.py": text(at), "b.txt": `${at}` }));
    const ids = writeRepository(folder, commits);
    execFileSync("git", ["-C", folder, "-c", "gc.auto=0", "repack", "-adq", "--depth=50"]);
    execFileSync("git", ["-C", folder, "prune-packed", "-q"]);
    const pack = join(folder, ".git/objects/pack");
    const names = readdirSync(pack).filter((name) => /\.(idx|pack)$/.test(name));
    const whole = names.map((name) => readFileSync(join(pack, name)));
    const change = fc.record({
      file: fc.nat(1),
      place: fc.double({ min: 0, max: 0.999, noNaN: true }),
      byte: fc.nat(255),
    });

    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const copies = whole.map((bytes) => Buffer.from(bytes));
        for (const { file, place, byte } of changes) copies[file]![Math.floor(place * copies[file]!.length)] = byte;
        for (const [at, name] of names.entries()) {
          rmSync(join(pack, name)); // git makes them unwritable
          writeFileSync(join(pack, name), copies[at]!);
        }
        const repository = openRepository(folder);
        for (const id of ids.slice(0, 4)) {
          try {
            for (const file of repository.files(id)) repository.text(file);
          } catch (error) {
            expect(error).toBeInstanceOf(AssayError);
          }
        }
        repository.close();
      }),
      { numRuns: 150 },
    );
  },
);
