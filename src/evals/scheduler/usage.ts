import type { Answer, Question } from "#base";

/** Tokens in and out. */
export type Usage = NonNullable<Answer["usage"]>;

/** What one picture costs at most at the usual providers: Claude's w·h / 750 at 1092², GPT-4o's tiles, Gemini's 258s. */
const tokensPerPicture = 1600;
const defaultOutputTokens = 256;

/**
 * A guess at a question's tokens before anything was asked: four UTF-8 bytes of text make a token, a picture makes
 * 1,600, and the answer is as long as it may be.
 */
export function estimateUsage({ parts, sampling }: Question): Usage {
  let inputTokens = 8;
  for (const part of parts) {
    inputTokens += part.type === "text" ? Math.ceil(Buffer.byteLength(part.text) / 4) : tokensPerPicture;
  }
  return { inputTokens, outputTokens: sampling.maxTokens ?? defaultOutputTokens };
}
