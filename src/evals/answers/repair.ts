/**
 * A repair as a model writes it: the blocks that it was shown, rewritten, or a patch.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §4.2: oracle blocks in one request, the reply turned into a diff
 */
import { applyTextPatch, type FilePatch, readTextPatch } from "#formats/git";

/** Some lines of a file, as a prompt shows them. */
export interface ShownBlock {
  readonly path: string;
  /** Its first line, counted from 1. */
  readonly line: number;
  /** Without the end of the last line. */
  readonly text: string;
}

/** Blocks as the authors delimit them. */
export const renderBlocks = (blocks: readonly ShownBlock[]): string =>
  blocks.map(({ path, line, text }) => `[start of ${path}#L${line}]\n${text}\n[end of ${path}#L${line}]`).join("\n");

/** What an answer does to the files. */
export interface Repair {
  /** New texts by path; a file that is taken away is null. */
  readonly files: ReadonlyMap<string, string | null>;
  readonly form: "blocks" | "patch";
}

/** What an answer is applied to. */
export interface ReadRepairOptions {
  readonly blocks: readonly ShownBlock[];
  /** The text of a file before the repair; undefined where there is none. */
  readonly read: (path: string) => string | undefined;
}

/** The repair in an answer, or why there is none. */
export function readRepair(answer: string, options: ReadRepairOptions): Repair | string {
  const rewritten = rewrittenBlocks(answer, options.blocks);
  if (rewritten.length > 0) return fromBlocks(rewritten, options);
  const patches = patchesIn(answer);
  return patches === undefined ? "neither a block that was shown nor a patch" : fromPatches(patches, options);
}

interface Rewritten {
  readonly block: ShownBlock;
  readonly text: string;
}

const delimited = /\[start of ([^\]\n]+?)#L(\d+)\][^\n]*\n([\s\S]*?)\n?\[end of \1(?:#L\d+)?\]/g;

function rewrittenBlocks(answer: string, blocks: readonly ShownBlock[]): Rewritten[] {
  return [...answer.matchAll(delimited)].flatMap(([, path, line, text]) => {
    const block = blocks.find((one) => one.path === path && one.line === Number(line));
    return block === undefined ? [] : [{ block, text: withoutFence(text!) }];
  });
}

/** A block may be fenced inside its marks. */
const withoutFence = (text: string): string => /^```[^\n]*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text;

/** From the last block of a file to its first: lines before a block do not move. */
function fromBlocks(rewritten: readonly Rewritten[], { read }: ReadRepairOptions): Repair | string {
  const files = new Map<string, string>();
  const last = new Map(rewritten.map((one) => [`${one.block.path} ${one.block.line}`, one]));
  for (const { block, text } of [...last.values()].sort((a, b) => b.block.line - a.block.line)) {
    const before = files.get(block.path) ?? read(block.path);
    if (before === undefined) return `there is no file ${block.path}`;
    const lines = before.split("\n");
    const count = block.text === "" ? 0 : block.text.split("\n").length;
    lines.splice(block.line - 1, count, ...(text === "" && count > 0 ? [] : text.split("\n")));
    files.set(block.path, lines.join("\n"));
  }
  return { files, form: "blocks" };
}

/** A patch in a fence, or one that stands free. */
function patchesIn(answer: string): readonly FilePatch[] | undefined {
  const fenced = [...answer.matchAll(/```(?:diff|patch)?[^\n]*\n([\s\S]*?)(?:```|$)/g)].map(([, text]) => text!);
  const free = answer.slice(Math.max(0, answer.search(/^(diff --git |--- )/m)));
  const texts = [fenced.filter((text) => /^--- /m.test(text)).join("\n"), /^--- /m.test(free) ? free : ""];
  for (const text of texts.filter(Boolean)) {
    const patches = readTextPatch(text.endsWith("\n") ? text : `${text}\n`);
    if (patches !== undefined && patches.length > 0) return patches;
  }
  return undefined;
}

/** Two lines around a change may differ, as `patch` allows. */
const fuzz = 2;

function fromPatches(patches: readonly FilePatch[], { read }: ReadRepairOptions): Repair | string {
  const files = new Map<string, string | null>();
  for (const patch of patches) {
    const path = (patch.newPath ?? patch.oldPath)!;
    if (isOutside(path)) return `${path} leads out of the repository`;
    const before = patch.oldPath === null ? "" : (files.get(patch.oldPath) ?? read(patch.oldPath));
    if (before === undefined || before === null) return `there is no file ${patch.oldPath}`;
    const after = applyTextPatch(before, patch) ?? applyTextPatch(before, patch, { fuzz });
    if (after === undefined) return `the patch of ${path} does not fit`;
    if (patch.newPath !== patch.oldPath && patch.oldPath !== null) files.set(patch.oldPath, null);
    if (patch.newPath !== null) files.set(patch.newPath, after);
  }
  return { files, form: "patch" };
}

const isOutside = (path: string): boolean =>
  path.startsWith("/") ||
  path.includes("\\") ||
  path.split("/").some((part) => part === ".." || part.toLowerCase() === ".git");
