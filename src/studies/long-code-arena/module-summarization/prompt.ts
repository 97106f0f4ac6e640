/** What a writer is told beforehand. */
export const system = "You are a helpful assistant.";

/** What the document is, and the code it is about. */
export interface DocumentRequest {
  readonly file: string;
  readonly intent: string;
  readonly code: string;
}

/**
 * The request for a document.
 *
 * Source   Long Code Arena, module summarization; lca-baselines at 5b1b564
 */
export const renderPrompt = ({ file, intent, code }: DocumentRequest): string =>
  `I have code collected from one or more files joined into one string. Using the code generate text for ${file} file with documentation about ${intent}.\n\nMy code:\n\n${code}\n\n\n\nAs answer return text for ${file} file about ${intent}. Do not return the instruction how to make documentation, return only documentation itself.`;

/** Two documents about the same code. */
export interface Comparison {
  readonly intent: string;
  readonly code: string;
  readonly a: string;
  readonly b: string;
}

/**
 * The judge's question, which ends in a space: the next token is A or B.
 *
 * Source   Long Code Arena, module summarization, CompScore
 */
export const renderComparison = ({ intent, code, a, b }: Comparison): string =>
  `I have 2 different documentations about ${intent}. Decide which documentation is better: documentation A or documentation B.\n\nMy code:\n\n${code}\n\n\n\nDocumentation A:\n\n${a}\n\n\n\nDocumentation B:\n\n${b}\n\n\n\nBetter documentation is documentation `;
