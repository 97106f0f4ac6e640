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

/** The languages whose grammars are read, by the file that holds each. */
const grammarFiles = {
  java: "java",
  javascript: "javascript",
  kotlin: "kotlin",
  python: "python",
  typescript: "typescript",
} as const;

/** A language whose grammar is read. */
export type GrammarName = keyof typeof grammarFiles;

/**
 * Loads a grammar and returns a search for one query in any text.
 *
 * The grammars are those of tree-sitter-wasms 0.1.12: later ones read broken code differently, and metrics would move.
 *
 * @example const find = await codeQuery("python", "(call function: (identifier) @called)"); find("f(g())").captures
 */
export async function codeQuery(grammar: GrammarName, pattern: string): Promise<(text: string) => Captures> {
  const { parser, language } = await loadGrammar(grammar);
  const key = `${grammar} ${pattern}`;
  const query = queries.get(key) ?? language.query(pattern);
  queries.set(key, query);
  return (text) => {
    // Trees live in the memory of WebAssembly, where nothing collects them.
    const tree = parser.parse(text);
    try {
      const captures = query.captures(tree.rootNode).map(({ name, node }) => ({
        name,
        text: node.text,
        line: node.startPosition.row,
      }));
      return { captures, hasError: tree.rootNode.hasError };
    } finally {
      tree.delete();
    }
  };
}

/** `codeQuery` for Python, the language of the metrics. */
export const pythonQuery = (pattern: string): Promise<(text: string) => Captures> => codeQuery("python", pattern);

/** Queries live as long as the process, so each is made once. */
const queries = new Map<string, Parser.Query>();

interface Grammar {
  readonly parser: Parser;
  readonly language: Parser.Language;
}

const grammars = new Map<GrammarName, Promise<Grammar>>();

/** Loaded once; a failure is not kept, so that the next call may succeed. */
function loadGrammar(name: GrammarName): Promise<Grammar> {
  const loaded =
    grammars.get(name) ??
    startParser(name).catch((error: unknown) => {
      grammars.delete(name);
      throw error;
    });
  grammars.set(name, loaded);
  return loaded;
}

async function startParser(name: GrammarName): Promise<Grammar> {
  // Loaded when code is first read: every command would wait for it otherwise.
  const { default: TreeSitter } = await import("web-tree-sitter");
  await TreeSitter.init();
  const { resolve } = createRequire(import.meta.url);
  const file = resolve(`tree-sitter-wasms/out/tree-sitter-${grammarFiles[name]}.wasm`);
  const language = await TreeSitter.Language.load(readFileSync(file));
  const parser = new TreeSitter();
  parser.setLanguage(language);
  return { parser, language };
}
