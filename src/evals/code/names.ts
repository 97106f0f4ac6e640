import { codeQuery } from "#formats";
import type { CodeLanguage } from "./languages.ts";

/** A name in a text, and the line on which it stands, counted from zero. */
export interface NameInCode {
  readonly name: string;
  readonly line: number;
}

/** What a text defines and what it calls. */
export interface CodeNames {
  /** Functions, methods and classes. */
  readonly defined: readonly NameInCode[];
  /** Names in front of brackets, and classes that are made. */
  readonly called: readonly NameInCode[];
  readonly hasError: boolean;
}

const scripts = `
  (function_declaration name: (identifier) @defined)
  (generator_function_declaration name: (identifier) @defined)
  (method_definition name: (property_identifier) @defined)
  (variable_declarator name: (identifier) @defined value: (arrow_function))
  (call_expression function: (identifier) @called)
  (call_expression function: (member_expression property: (property_identifier) @called))
  (new_expression constructor: (identifier) @called)
`;

const patterns: Readonly<Record<CodeLanguage, string>> = {
  java: `
    (method_declaration name: (identifier) @defined)
    (class_declaration name: (identifier) @defined)
    (interface_declaration name: (identifier) @defined)
    (method_invocation name: (identifier) @called)
    (object_creation_expression type: (type_identifier) @called)
  `,
  javascript: `${scripts} (class_declaration name: (identifier) @defined)`,
  kotlin: `
    (function_declaration (simple_identifier) @defined)
    (class_declaration (type_identifier) @defined)
    (call_expression (simple_identifier) @called)
    (call_expression (navigation_expression (navigation_suffix (simple_identifier) @called)))
  `,
  python: `
    (function_definition name: (identifier) @defined)
    (class_definition name: (identifier) @defined)
    (call function: (identifier) @called)
    (call function: (attribute attribute: (identifier) @called))
  `,
  typescript: `${scripts} (class_declaration name: (type_identifier) @defined)`,
};

/** Loads a grammar and returns what finds the names that a text defines and calls, in the order of the text. */
export async function codeNames(language: CodeLanguage): Promise<(text: string) => CodeNames> {
  const find = await codeQuery(language, patterns[language]);
  return (text) => {
    const { captures, hasError } = find(text);
    const named = (wanted: string): NameInCode[] =>
      captures.filter(({ name }) => name === wanted).map(({ text: name, line }) => ({ name, line }));
    return { defined: named("defined"), called: named("called"), hasError };
  };
}
