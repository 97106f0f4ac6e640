import type { AtlasRelation } from "./table.ts";

/** Which wordings a model is trained on, and which it has never seen. */
export type AtlasSplit = "train" | "heldOut";

/** The wordings of one language: `{x}` is the subject, `___` the answer. */
export type Templates = Readonly<Record<AtlasRelation, Readonly<Record<AtlasSplit, readonly string[]>>>>;
