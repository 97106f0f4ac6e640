import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type Parser from "web-tree-sitter";

/** A piece of source code that a query named. */
export interface Capture {
  /** The name that the query gives it, without the `@`. */
  readonly name: string;
  readonly text: string;
  /** Counted from zero. */
  readonly line: number;
}

/** What a query found in one text. */
export interface Captures {
  readonly captures: readonly Capture[];
  /** True when the text is not wholly valid; what could be read was searched all the same. */
  readonly hasError: boolean;
}

/**
 * Loads the Python grammar and returns a search for one query in any text.
 *
 * The grammar is the one of tree-sitter-wasms 0.1.12: later ones read broken code differently, and metrics would move.
 *
 * @example const find = await pythonQuery("(call function: (identifier) @called)"); find("f(g())").captures
 */
export async function pythonQuery(pattern: string): Promise<(text: string) => Captures> {
  const { parser, language } = await loadGrammar();
  const query = queries.get(pattern) ?? language.query(pattern);
  queries.set(pattern, query);
  return (text) => {
    // Trees live in the memory of WebAssembly, where nothing collects them.
    const tree = parser.parse(text);
    try {
      const captures = query.captures(tree.rootNode).map(({ name, node }) => ({
        ...{ name, text: node.text, line: node.startPosition.row },
      }));
      return { captures, hasError: tree.rootNode.hasError };
    } finally {
      tree.delete();
    }
  };
}

/** Queries live as long as the process, so each is made once. */
const queries = new Map<string, Parser.Query>();

let grammar: Promise<{ parser: Parser; language: Parser.Language }> | undefined;

/** Loaded once; a failure is not kept, so that the next call may succeed. */
function loadGrammar(): NonNullable<typeof grammar> {
  grammar ??= startParser().catch((error: unknown) => {
    grammar = undefined;
    throw error;
  });
  return grammar;
}

async function startParser(): Promise<{ parser: Parser; language: Parser.Language }> {
  // Loaded when Python is first read: every command would wait for it otherwise.
  const { default: TreeSitter } = await import("web-tree-sitter");
  await TreeSitter.init();
  const file = createRequire(import.meta.url).resolve("tree-sitter-wasms/out/tree-sitter-python.wasm");
  const language = await TreeSitter.Language.load(readFileSync(file));
  const parser = new TreeSitter();
  parser.setLanguage(language);
  return { parser, language };
}
