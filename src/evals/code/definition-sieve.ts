import type { CodeLanguage } from "./languages.ts";

const before = "function|class|const|let|var|async|get|set|static|private|public|protected|override|abstract|readonly";
const scripts = (names: string): string =>
  `class\\s+(?:${names})|(?:\\b(?:${before})|[*,;{}()/]|^)\\s*(?:${names})\\s*[(<:=?!]`;
const anywhere = (names: string): string => `(?<![\\p{L}\\p{N}_$])(?:${names})(?![\\p{L}\\p{N}_$])`;

/** What stands around a name that is defined; more may look like that, less may not. */
const around: Readonly<Record<CodeLanguage, (names: string) => string>> = {
  java: anywhere,
  javascript: scripts,
  kotlin: anywhere,
  python: (names) => `\\b(?:def|class)[\\s\\\\]+(?:${names})`,
  typescript: scripts,
};

/** Tells texts that may define one of some names; of the others nothing need be parsed. */
export function definitionSieve(language: CodeLanguage, names: Iterable<string>): (text: string) => boolean {
  const escaped = [...names].map((name) => name.replaceAll(/[^\p{L}\p{N}_]/gu, "\\$&"));
  if (escaped.length === 0) return () => false;
  const pattern = new RegExp(around[language](escaped.join("|")), "mu");
  return (text) => pattern.test(text);
}
