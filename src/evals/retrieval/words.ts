/**
 * The words of a name: cut at underscores and where its case changes, in lower case.
 *
 * @example nameWords("getHTTPServer_name") // ["get", "http", "server", "name"]
 *
 * Source   Long Code Arena, library-based code generation, the documents of its BM25
 */
export const nameWords = (name: string): string[] =>
  name
    .split("_")
    .flatMap((part) => part.split(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/))
    .map((word) => word.toLowerCase())
    .filter((word) => word !== "");

/**
 * The words of an instruction, cut at every single space, in lower case; an empty word stays.
 *
 * Only letters, digits and spaces are kept. A line end is none of them: it goes, and glues the words around it.
 *
 * Source   Long Code Arena, library-based code generation, the query of its BM25
 */
export const instructionWords = (instruction: string): string[] =>
  instruction
    .replace(/[^\p{L}\p{N} ]/gu, "")
    .toLowerCase()
    .split(" ");

/** The words of any text: runs of letters, marks and digits, in lower case. */
export const plainWords = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
