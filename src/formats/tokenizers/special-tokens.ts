import type { AddedToken } from "./added-tokens.ts";
import type { SpecialTokens } from "./tokenizer.ts";
import { type TokenizerConfig, textOf } from "./tokenizer-files.ts";

const roles = {
  begin: "bos_token",
  end: "eos_token",
  unknown: "unk_token",
  padding: "pad_token",
  separator: "sep_token",
  classification: "cls_token",
  mask: "mask_token",
} as const;

/** What a tokenizer knows of its tokens. */
export interface KnownTokens {
  readonly added: readonly AddedToken[];
  idOf(token: string): number | undefined;
}

/** The special tokens that the configuration names, and those that are marked as such. */
export function specialsOf(config: TokenizerConfig, { added, idOf }: KnownTokens): SpecialTokens {
  const named = Object.entries(roles).flatMap(([role, key]) => {
    const token = textOf(config[key]);
    const id = token === undefined ? undefined : idOf(token);
    return id === undefined ? [] : [[role, id] as const];
  });
  const all = new Set([...added.filter(({ special }) => special).map(({ id }) => id), ...named.map(([, id]) => id)]);
  return { ...Object.fromEntries(named), all };
}
