import type { DecoderConfig } from "./family.ts";

/** Up to this width a second thread waits for the first more than it helps; on a busy machine it waits four times as long. */
const widestAlone = 128;

/** How many threads a model's programs take, as compile() wants it: one for a narrow model, all for any other. */
export const threadsOf = ({ hiddenSize }: DecoderConfig): { readonly threads?: number } =>
  hiddenSize <= widestAlone ? { threads: 1 } : {};
