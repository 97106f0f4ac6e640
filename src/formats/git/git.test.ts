import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import {
  folderSnapshot,
  openRepository,
  snapshotOf,
  type WrittenCommit,
  writeFiles,
  writeRepository,
} from "./index.ts";
import { parseCommit, parseTree } from "./objects.ts";

const hasGit = spawnSync("git", ["--version"]).status === 0;
const room = mkdtempSync(join(tmpdir(), "assay-git-"));
afterAll(() => rmSync(room, { recursive: true, force: true }));

const author = { name: "Ada", email: "ada@example.org" };
const commitOf = (
  seconds: number,
  files: Record<string, WrittenCommit["files"] extends ReadonlyMap<string, infer F> ? F : never>,
) => ({
  message: `Commit ${seconds}`,
  author,
  seconds,
  files: new Map(Object.entries(files)),
});
const folderOf = (name: string): string => join(room, name);
const git = (folder: string, ...words: string[]): string =>
  execFileSync("git", ["-C", folder, ...words], { encoding: "utf8", maxBuffer: 2 ** 28 });

const many = (at: number): string =>
  Array.from({ length: 400 }, (_, line) => `line ${line} ${line % 40 === at ? at : 0}`).join("\n");
const packed = (): { folder: string; ids: string[] } => {
  const folder = folderOf(`packed-${Math.random()}`);
  const ids = writeRepository(
    folder,
    Array.from({ length: 30 }, (_, at) =>
      commitOf(1_700_000_000 + at, { "src/a.py": many(at), [`b/${at}.txt`]: `${at}` }),
    ),
  );
  git(folder, "-c", "gc.auto=0", "repack", "-adq", "--depth=50");
  git(folder, "pack-refs", "--all");
  git(folder, "prune-packed", "-q");
  return { folder, ids };
};

test("writeRepository() gives the same identities every time, and git finds no fault", () => {
  const commits = [
    commitOf(1, {
      "a.txt": "one\n",
      "a/b.txt": "two",
      "run.sh": { executable: "#!/bin/sh\n" },
      link: { link: "a.txt" },
    }),
    commitOf(2, { "a.txt": "one\ntwo\n" }),
  ];

  const ids = writeRepository(folderOf("first"), commits);

  expect(writeRepository(folderOf("again"), commits)).toEqual(ids);
  if (hasGit) expect(git(folderOf("first"), "fsck", "--strict", "--full").trim()).toBe("");
  expect(openRepository(folderOf("first")).resolve()).toBe(ids[1]);
});

test.skipIf(!hasGit)("Repository reads packs with deltas as git does: opt-in, with a git program", () => {
  const { folder, ids } = packed();

  const repository = openRepository(folder);

  expect(existsSync(join(folder, ".git/objects", ids[0]!.slice(0, 2), ids[0]!.slice(2)))).toBe(false);
  expect([...repository.history()].map(({ id }) => id)).toEqual(git(folder, "log", "--format=%H").trim().split("\n"));
  for (const id of ids) {
    const file = repository.files(id).find(({ path }) => path === "src/a.py")!;
    expect(repository.text(file).text).toBe(git(folder, "show", `${id}:src/a.py`));
  }
  repository.close();
});

test.skipIf(!hasGit)("Repository names the changes of a commit as git does: opt-in, with a git program", () => {
  const { folder, ids } = packed();
  const repository = openRepository(folder);

  const mine = ids.map((id) =>
    repository.changes(id).map(({ changeType, before, after }) => [changeType[0], (after ?? before)!.path]),
  );

  const theirs = ids.map((id) =>
    git(folder, "diff-tree", "-r", "--root", "--no-commit-id", "--name-status", "-M100%", id)
      .trim()
      .split("\n")
      .map((line) => line.split("\t"))
      .map(([kind, ...paths]) => [kind![0], paths.at(-1)]),
  );
  expect(mine).toEqual(theirs);
});

test("Repository resolves names, digits and steps, and says the nearest name of one that it lacks", () => {
  const [first, second, third] = writeRepository(
    folderOf("names"),
    [1, 2, 3].map((at) => commitOf(at, { a: `${at}` })),
  );
  writeFileSync(
    join(folderOf("names"), ".git/packed-refs"),
    `# pack-refs with: peeled\n${first} refs/tags/v1.0\n^${first}\n`,
  );

  const repository = openRepository(folderOf("names"));

  expect(["HEAD", "main", "@", third!.slice(0, 7)].map((name) => repository.resolve(name))).toEqual(
    Array(4).fill(third),
  );
  expect(repository.resolve("main~1")).toBe(second);
  expect(["v1.0", "HEAD~2", "HEAD^^"].map((name) => repository.resolve(name))).toEqual(Array(3).fill(first));
  expect(() => repository.resolve("mian")).toThrow(/did you mean main/);
  expect(() => repository.resolve("HEAD~9")).toThrow(/Found no commit "HEAD~9"/);
  for (const name of ["../../../etc/passwd", "a\0b", "x".repeat(5000)]) {
    expect(() => repository.resolve(name)).toThrow(/Found no commit/);
  }
});

test("Repository says why a file has no text", () => {
  const folder = folderOf("texts");
  writeRepository(folder, [
    commitOf(1, {
      plain: "text",
      empty: "",
      link: { link: "/etc/passwd" },
      module: { submodule: "1".repeat(40) },
      binary: Uint8Array.of(1, 0, 2),
      latin: Uint8Array.of(0x63, 0xe9),
      large: "x".repeat(2 ** 21 + 1),
      lfs: "version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
    }),
  ]);

  const found = Object.fromEntries(
    snapshotOf(openRepository(folder)).map(({ path, content, reason }) => [path, reason ?? content]),
  );

  expect(found).toEqual({
    plain: "text",
    empty: "",
    link: "a symbolic link",
    binary: "binary",
    latin: "not UTF-8",
    large: "2097153 bytes, too large",
    lfs: "a pointer of Git LFS",
    module: "a submodule, whose files are in another repository",
  });
});

test("Repository keeps the bytes of names that are not UTF-8", () => {
  const line = Buffer.concat([Buffer.from("100644 caf"), Buffer.of(0xe9), Buffer.from("%\0"), Buffer.alloc(20)]);

  const names = parseTree("tree", line).map(({ name }) => name);

  expect(names).toEqual(["caf%E9%25"]);
});

test("Repository keeps a byte-order mark, which is a part of the file", () => {
  const folder = folderOf("mark");
  writeRepository(folder, [commitOf(1, { a: "\ufeffx\n" }), commitOf(2, { a: "x\n" })]);

  const repository = openRepository(folder);

  expect(snapshotOf(repository, "HEAD~1")[0]!.content).toBe("\ufeffx\n");
  expect(repository.diff(repository.changes()[0]!).diff).toBe("@@ -1 +1 @@\n-\ufeffx\n+x");
});

test("Repository reads the date behind a name that holds what it likes", () => {
  const head = "tree 1\nauthor A <a>b@c> 7 +0100\ncommitter A B <x <y> 9 +0000\n\nm";

  const { author: writer, committer } = parseCommit("id", Buffer.from(head));

  expect([writer.seconds, writer.zone, committer.seconds, committer.name]).toEqual([7, "+0100", 9, "A B"]);
});

test("Repository says that an object is damaged, loose or in a pack", () => {
  const folder = folderOf("damaged");
  const [id] = writeRepository(folder, [commitOf(1, { a: "1" })]);
  writeFileSync(join(folder, ".git/objects", id!.slice(0, 2), id!.slice(2)), "garbage");

  expect(() => openRepository(folder).commit()).toThrow(expect.objectContaining({ code: "GIT_DAMAGED" }));
});

test.skipIf(!hasGit)("Repository refuses a pack whose bytes were changed: opt-in, with a git program", () => {
  const { folder } = packed();
  const [name] = readdirSync(join(folder, ".git/objects/pack")).filter((file) => file.endsWith(".pack"));
  const path = join(folder, ".git/objects/pack", name!);
  const bytes = readFileSync(path);
  chmodSync(path, 0o644);
  writeFileSync(path, bytes.fill(0xff, 14, 200));

  expect(() => [...openRepository(folder).history()]).toThrow(expect.objectContaining({ code: "GIT_DAMAGED" }));
});

test.skipIf(!hasGit)(
  "Repository holds the limit of a text that it has unpacked before: opt-in, with a git program",
  () => {
    const { folder } = packed();
    const repository = openRepository(folder);
    const file = repository.files().find(({ path }) => path === "src/a.py")!;

    const first = repository.text(file, { limit: 1000 });
    repository.bytes(file);

    expect(first.text).toBeNull();
    expect(repository.text(file, { limit: 1000 })).toEqual(first);
    repository.close();
  },
);

test("Repository decodes a message by the encoding that it says", () => {
  const head = "tree 1\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\nencoding ISO-8859-1\n\n";

  const commit = parseCommit("id", Buffer.from(`${head}Caf\xe9`, "latin1"));

  expect(commit.message).toBe("Café");
});

test("Repository takes the end of a shallow clone for a root and names it", () => {
  const folder = folderOf("shallow");
  const [first, second] = writeRepository(
    folder,
    [1, 2].map((at) => commitOf(at, { a: `${at}` })),
  );
  writeFileSync(join(folder, ".git/shallow"), `${second}\n`);
  rmSync(join(folder, ".git/objects", first!.slice(0, 2)), { recursive: true });

  const repository = openRepository(folder);

  expect([...repository.shallow]).toEqual([second]);
  expect([...repository.history()].map(({ id }) => id)).toEqual([second]);
});

test("Repository says what is missing where a clone has holes", () => {
  const folder = folderOf("holes");
  const [first, second] = writeRepository(
    folder,
    [1, 2].map((at) => commitOf(at, { a: `${at}` })),
  );
  rmSync(join(folder, ".git/objects", first!.slice(0, 2), first!.slice(2)));

  expect(() => [...openRepository(folder).history()]).toThrow(`Found no parent ${first} of commit ${second}`);
});

test("openRepository() refuses what is no repository, and formats that it does not read", () => {
  mkdirSync(folderOf("plain"));
  writeRepository(folderOf("newer"), []);
  appendFileSync(join(folderOf("newer"), ".git/config"), "[extensions]\n\tobjectFormat = sha256\n");

  expect(() => openRepository(folderOf("plain"))).toThrow(/without .git there are no commits/);
  expect(() => openRepository(folderOf("newer"))).toThrow(/objects named by sha256/);
});

test("Repository follows no setting, hook or attribute of a foreign repository", () => {
  const folder = folderOf("hostile");
  const trap = join(room, "trapped");
  const command = `touch ${trap}`;
  writeRepository(folder, [
    commitOf(1, { ".gitattributes": "* diff=trap filter=trap\n", "a.txt": "one\n" }),
    commitOf(2, { ".gitattributes": "* diff=trap filter=trap\n", "a.txt": "two\n" }),
  ]);
  const settings = `[core]\n\tfsmonitor = ${command}\n\tpager = ${command}\n[diff "trap"]\n\ttextconv = ${command}\n\tcommand = ${command}\n[filter "trap"]\n\tsmudge = ${command}\n`;
  appendFileSync(join(folder, ".git/config"), settings);
  mkdirSync(join(folder, ".git/hooks"));
  writeFileSync(join(folder, ".git/hooks/post-checkout"), `#!/bin/sh\n${command}\n`);
  chmodSync(join(folder, ".git/hooks/post-checkout"), 0o755);

  const repository = openRepository(folder);
  const [change] = repository.changes();
  writeFiles(repository, "HEAD", { folder: folderOf("hostile-files") });

  expect(repository.diff(change!).diff).toBe("@@ -1 +1 @@\n-one\n+two");
  expect(existsSync(trap)).toBe(false);
});

test("Repository reads a working tree of another repository, a bare one and borrowed objects", () => {
  const folder = folderOf("owner");
  const [id] = writeRepository(folder, [commitOf(1, { a: "1" })]);
  const tree = join(folder, ".git/worktrees/other");
  mkdirSync(tree, { recursive: true });
  writeFileSync(join(tree, "HEAD"), `${id}\n`);
  writeFileSync(join(tree, "commondir"), "../..\n");
  mkdirSync(folderOf("other"));
  writeFileSync(join(folderOf("other"), ".git"), `gitdir: ${tree}\n`);
  writeRepository(folderOf("borrower"), []);
  mkdirSync(join(folderOf("borrower"), ".git/objects/info"));
  writeFileSync(join(folderOf("borrower"), ".git/objects/info/alternates"), `${join(folder, ".git/objects")}\n`);

  const heads = [openRepository(folderOf("other")), openRepository(join(folder, ".git"))].map((one) => one.resolve());

  expect(heads).toEqual([id, id]);
  expect(openRepository(folderOf("borrower")).commit(id).message).toBe("Commit 1\n");
});

test("Repository tells a rename from a change", () => {
  writeRepository(folderOf("renames"), [
    commitOf(1, { old: "same\n", gone: "x", kept: "1" }),
    commitOf(2, { young: "same\n", come: "y", kept: "2" }),
  ]);

  const changes = openRepository(folderOf("renames")).changes();

  expect(changes.map(({ changeType, before, after }) => [changeType, before?.path, after?.path])).toEqual([
    ["ADD", undefined, "come"],
    ["DELETE", "gone", undefined],
    ["MODIFY", "kept", "kept"],
    ["RENAME", "old", "young"],
  ]);
});

test("writeFiles() writes a commit's files and nothing outside the folder", () => {
  const folder = folderOf("unsafe");
  writeRepository(folder, [
    commitOf(1, {
      "src/a.js": "1",
      "..": "out",
      ".git/config": "x",
      link: { link: "/" },
      "run.sh": { executable: "#" },
    }),
  ]);

  const { written, leftOut } = writeFiles(openRepository(folder), "HEAD", { folder: folderOf("unsafe-files") });

  expect(written).toBe(2);
  expect(leftOut.map(({ path }) => path).sort()).toEqual(["..", ".git/config", "link"]);
  expect(readdirSync(folderOf("unsafe-files"), { recursive: true }).sort()).toEqual(["run.sh", "src", "src/a.js"]);
});

test("writeFiles() tells changes that cannot be written, and writes the others", () => {
  const folder = folderOf("impossible");
  writeRepository(folder, [commitOf(1, { "src/a.js": "1", b: "2" })]);
  const changes = new Map([
    ...([["x".repeat(300), "1"]] as const),
    ...(["b/c", "src", "a\0b"] as const).map((path) => [path, "1"] as const),
    ...([["b", "3"]] as const),
  ]);

  const { leftOut } = writeFiles(openRepository(folder), "HEAD", { folder: folderOf("impossible-files"), changes });
  const removed = writeFiles(openRepository(folder), "HEAD", {
    folder: folderOf("impossible-files"),
    changes: new Map([["src", null]]),
  });

  expect(leftOut.map(({ path, reason }) => [path.slice(0, 3), reason])).toEqual([
    ["xxx", "cannot be written: ENAMETOOLONG"],
    ["b/c", "cannot be written: EEXIST"],
    ["src", "cannot be written: EISDIR"],
    ["a\0b", "a name that is not safe to write"],
  ]);
  expect(removed.leftOut).toHaveLength(1);
  expect(readFileSync(join(folderOf("impossible-files"), "b"), "utf8")).toBe("2");
});

test("Repository finds where two commits parted", () => {
  const folder = folderOf("parted");
  const [root, left] = writeRepository(
    folder,
    [1, 3].map((at) => commitOf(at, { a: `${at}` })),
  );
  const [, middle, right] = writeRepository(
    folder,
    [1, 2, 4].map((at) => commitOf(at, { a: `${at}` })),
  );
  const [stranger] = writeRepository(folder, [commitOf(9, { b: "9" })]);

  const repository = openRepository(folder);

  expect(repository.mergeBase(left!, right!)).toBe(root);
  expect([repository.mergeBase(middle!, right!), repository.mergeBase(right!, middle!)]).toEqual([middle, middle]);
  expect(repository.mergeBase(left!, left!)).toBe(left);
  expect(repository.mergeBase(left!, stranger!)).toBeUndefined();
});

test("folderSnapshot() says that a file whose name is not UTF-8 cannot be read", () => {
  const folder = folderOf("strange-names");
  mkdirSync(folder);
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(0xe9)]), "x");
  writeFileSync(join(folder, "ok.py"), "y");

  const files = folderSnapshot(folder);

  expect(files.map(({ content, reason }) => reason ?? content)).toEqual(["cannot be read: ENOENT", "y"]);
});

test("folderSnapshot() reads a folder without history, links aside", () => {
  const folder = folderOf("archive");
  mkdirSync(join(folder, "node_modules/x"), { recursive: true });
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "src/a.py"), "a = 1\n");
  writeFileSync(join(folder, "node_modules/x/b.js"), "1");

  expect(folderSnapshot(folder)).toEqual([{ path: "src/a.py", content: "a = 1\n" }]);
  expect(() => folderSnapshot(join(folder, "src/a.py"))).toThrow(/unpack an archive first/);
});

test("Repository reads folders whose mode is written with a zero before it, as git does", () => {
  const line = Buffer.concat([Buffer.from("040000 src\0"), Buffer.alloc(20)]);

  expect(parseTree("tree", line)).toMatchObject([{ name: "src", kind: "folder" }]);
});

test("Repository keeps a byte order mark, so that a change of it alone is seen", () => {
  writeRepository(folderOf("marks"), [commitOf(1, { a: "x\n" }), commitOf(2, { a: "\uFEFFx\n" })]);
  const repository = openRepository(folderOf("marks"));

  const [change] = repository.changes();

  expect(repository.text(change!.after!).text).toBe("\uFEFFx\n");
  expect(repository.diff(change!).diff).toBe("@@ -1 +1 @@\n-x\n+\uFEFFx");
});
