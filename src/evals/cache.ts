import { type Answer, hashOf, type ImagePart, type Part, type Question, type Subject, sha256 } from "#base";

/** Remembers answers across runs. */
export interface AnswerCache {
  get(key: string): Answer | undefined;
  put(key: string, answer: Answer): void;
}

/** Raise it when what a key covers or what an answer holds changes. */
const schemaVersion = 1;

/**
 * The key of one answer: whatever could change it, namely the subject's identity (with its base URL), every sampling
 * parameter, what it is told beforehand, the parts in order with the hash of the bytes sent, and which repetition it is.
 */
export async function cacheKey(subject: Subject, question: Question, repeat: number): Promise<string> {
  const parts = await Promise.all(question.parts.map(partIdentity));
  const { sampling, system } = question;
  return hashOf({
    schemaVersion,
    subject: subject.identity,
    parts,
    sampling,
    repeat,
    ...(system === undefined ? {} : { system }),
  });
}

const partIdentity = async (part: Part) =>
  part.type === "text" ? part : { type: part.type, mediaType: part.mediaType, sha256: sha256(await part.load()) };

/** True for answers worth remembering: not empty, refused, filtered or failed, since asking again may fare better. */
export function isCacheable({ text, finishReason, error }: Answer): boolean {
  return error === undefined && (finishReason === "stop" || finishReason === "length") && (text ?? "").trim() !== "";
}

/** The same question, whose pictures are rendered once however often they are read. */
export function withHeldImages(question: Question): Question {
  return { ...question, parts: question.parts.map((part) => (part.type === "text" ? part : heldImage(part))) };
}

function heldImage(image: ImagePart): ImagePart {
  let bytes: Promise<Uint8Array> | undefined;
  const load = () => {
    bytes ??= image.load();
    return bytes;
  };
  return { ...image, load };
}

/** A cache that lives as long as the process. */
export function memoryCache(): AnswerCache {
  const answers = new Map<string, Answer>();
  return { get: (key) => answers.get(key), put: (key, answer) => void answers.set(key, answer) };
}
