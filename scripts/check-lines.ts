import { commentBefore, isTest, lineAt, parse, type SourceFile, type Violation } from "./sources.ts";
import { type SyntaxNode, type Visit, walk } from "./walk.ts";

interface Limit {
  readonly warn: number;
  readonly fail: number;
}

/** The line budget: more than `warn` is listed, more than `fail` fails. */
export const budget = {
  fileLines: { warn: 300, fail: 500 },
  functionLines: { warn: 40, fail: 60 },
  /** A study's one function is the paper's method section. */
  studyLines: { warn: 80, fail: 80 },
  parameters: { warn: 3, fail: 3 },
  nesting: { warn: 3, fail: 4 },
} as const satisfies Record<string, Limit>;

/**
 * Files, functions, required parameters and nesting within the budget. What is longer says why: `Long:` and the reason
 * in the file's first comment, or in the function's own.
 */
export function checkLines(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => [...checkFile(file), ...checkFunctions(file)]);
}

/** Lines of a text; a last line without a newline counts. */
export const countLines = (text: string): number => text.split("\n").length - (text.endsWith("\n") ? 1 : 0);

/** The length of the file in the middle: half are shorter. */
export function medianLines(files: readonly SourceFile[]): number {
  const lengths = files.map(({ text }) => countLines(text)).sort((a, b) => a - b);
  return lengths[Math.floor(lengths.length / 2)] ?? 0;
}

function checkFile(file: SourceFile): Violation[] {
  const [first] = parse(file).comments;
  if (first && givesReason(first.value)) return [];
  return judge(file, { start: 0, what: "the file", amount: countLines(file.text), unit: "lines" }, budget.fileLines);
}

const givesReason = (comment: string): boolean => /\bLong: \S/.test(comment);

interface Measure {
  readonly start: number;
  readonly what: string;
  readonly amount: number;
  readonly unit: string;
}

function judge(file: SourceFile, { start, what, amount, unit }: Measure, limit: Limit): Violation[] {
  if (amount <= limit.warn) return [];
  const failed = amount > limit.fail;
  const message = `${what} has ${amount} ${unit}, more than ${failed ? limit.fail : limit.warn}`;
  return [{ file: file.path, line: lineAt(file, start), message, ...(failed ? {} : { warning: true as const }) }];
}

function checkFunctions(file: SourceFile): Violation[] {
  const visits = [...walk(parse(file).program)].filter(({ node }) => isFunction(node) && node.body !== null);
  return visits.flatMap((visit) => checkFunction(file, visit));
}

const isFunction = ({ type }: SyntaxNode): boolean =>
  ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"].includes(type);

function checkFunction(file: SourceFile, { node, ancestors }: Visit): Violation[] {
  const [start, what] = [node.start, nameOf(node, ancestors)];
  // vitest hands a table's row to its test one parameter a column.
  const isRow = isTest(file.path) && ancestors.at(-1)?.type === "CallExpression";
  const required = isRow ? 0 : (node.params as SyntaxNode[]).filter(isRequired).length;
  return [
    ...checkFunctionLength(file, { node, ancestors }),
    ...judge(file, { start, what, amount: required, unit: "required parameters" }, budget.parameters),
    ...judge(file, { start, what, amount: nestingOf(node), unit: "levels of nesting" }, budget.nesting),
  ];
}

function checkFunctionLength(file: SourceFile, { node, ancestors }: Visit): Violation[] {
  const owners = [node, ...ancestors.toReversed()].filter(({ type }, at) => at === 0 || /Decl|Defin|Prop/.test(type));
  const comments = owners.map((owner) => commentBefore(file, owner.start)?.value ?? "");
  if (groupsTests(ancestors.at(-1)) || comments.some(givesReason)) return [];
  const amount = lineAt(file, node.end) - lineAt(file, node.start) + 1;
  const limit = /^src\/studies\/[^/]+\/study\.ts$/.test(file.path) ? budget.studyLines : budget.functionLines;
  return judge(file, { start: node.start, what: nameOf(node, ancestors), amount, unit: "lines" }, limit);
}

/** True for `describe(…)`, `describe.skipIf(…)(…)`, `describe.each(…)(…)`. */
function groupsTests(call: SyntaxNode | undefined): boolean {
  let callee = call?.callee as SyntaxNode | undefined;
  while (callee && callee.type !== "Identifier") callee = (callee.callee ?? callee.object) as SyntaxNode | undefined;
  return callee?.name === "describe";
}

function nameOf(node: SyntaxNode, ancestors: readonly SyntaxNode[]): string {
  const parent = ancestors.at(-1);
  const named = (node.id ?? parent?.id ?? parent?.key) as { name?: string } | null | undefined;
  return named?.name ? `${named.name}()` : "a function";
}

const isRequired = (parameter: SyntaxNode): boolean =>
  !["AssignmentPattern", "RestElement"].includes(parameter.type) &&
  parameter.optional !== true &&
  parameter.name !== "this";

const blocks = /^(If|For|ForIn|ForOf|While|DoWhile|Switch|Try)Statement$/;

/** How deep control statements stand inside each other; `else if` goes on at its level, inner functions start anew. */
function nestingOf(node: SyntaxNode): number {
  const inside = [...walk(node)].filter(({ node: one }) => blocks.test(one.type));
  return Math.max(0, ...inside.map((visit) => depthIn(node, visit)));
}

function depthIn(root: SyntaxNode, { node, ancestors }: Visit): number {
  const chain = [...ancestors, node].slice(1);
  if (chain.some((one) => one !== root && isFunction(one))) return 0;
  return chain.filter((one, at) => blocks.test(one.type) && chain[at - 1]?.alternate !== one).length;
}
