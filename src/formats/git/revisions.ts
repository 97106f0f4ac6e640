import { AssayError, nearest } from "#base";
import { damaged, type StoredObject } from "./objects.ts";

/** What a revision is looked up in. */
export interface RevisionSource {
  readonly find: (name: string) => string | undefined;
  readonly startingWith: (digits: string) => readonly string[];
  readonly object: (id: string) => StoredObject;
  readonly parents: (id: string) => readonly string[];
  readonly names: () => readonly string[];
}

/** The commit that a revision names: a name or digits, then any number of `~n` and `^n`. @throws AssayError GIT_REVISION_UNKNOWN */
export function resolveRevision(revision: string, source: RevisionSource): string {
  const [, base = "", steps = ""] = /^(.*?)((?:[~^]\d*)*)$/s.exec(revision) ?? [];
  const start = named(base, source);
  if (start === undefined) throw unknown(revision, source);
  let id = peeled(start, source);
  for (const [, kind, count] of steps.matchAll(/([~^])(\d*)/g)) {
    const next = stepped(id, { kind: kind!, count: count === "" ? 1 : Number(count) }, source);
    if (next === undefined) throw unknown(revision, source);
    id = next;
  }
  return id;
}

function named(name: string, source: RevisionSource): string | undefined {
  const found = source.find(name === "@" ? "HEAD" : name);
  if (found !== undefined) return found;
  if (!/^[0-9a-f]{4,40}$/.test(name)) return undefined;
  if (name.length === 40) return name;
  const matches = source.startingWith(name).filter((id) => ["commit", "tag"].includes(source.object(id).kind));
  return matches.length === 1 ? matches[0] : undefined;
}

/** A tag with a text of its own names another object. */
function peeled(id: string, source: RevisionSource): string {
  const { kind, bytes } = source.object(id);
  if (kind !== "tag") return id;
  const target = /^object ([0-9a-f]{40})$/m.exec(bytes.toString("latin1"))?.[1];
  if (target === undefined) throw damaged(`tag ${id}`, "an object");
  return peeled(target, source);
}

function stepped(
  id: string,
  { kind, count }: { kind: string; count: number },
  source: RevisionSource,
): string | undefined {
  if (kind === "^") return count === 0 ? id : source.parents(id)[count - 1];
  let at: string | undefined = id;
  for (let step = 0; step < count && at !== undefined; step++) at = source.parents(at)[0];
  return at;
}

function unknown(revision: string, source: RevisionSource): AssayError {
  const names = source.names().map((name) => name.replace(/^refs\/(heads|tags|remotes)\//, ""));
  const close = nearest(revision, names);
  const hint = close === undefined ? "name a branch, a tag or a commit" : `did you mean ${close}?`;
  const what = `git: Found no commit "${revision}" (an empty repository, or a clone that is shallow, has fewer)`;
  return new AssayError("GIT_REVISION_UNKNOWN", `${what}; ${hint}`);
}
