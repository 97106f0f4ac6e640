/** What two invented tongues share; every knob turns alone. */
export interface TongueKnobs {
  /** The share of subjects that have one name in both. */
  readonly sharedSubjects: number;
  /** The share of answers that have one name in both. */
  readonly sharedAnswers: number;
  /** Whether both are written with the same letters, so that words are made of the same pieces. */
  readonly sharedScript: boolean;
  /** Whether the subject stands in the same place of a sentence. */
  readonly sharedOrder: boolean;
  /** How much translation there is: 1 says every name's translation as often as a fact in one of its wordings. */
  readonly parallel: number;
  /** The share of facts that the second tongue says in training; the first says all. */
  readonly share: number;
}

/** Nothing in common but the world that both speak of. */
const apart: TongueKnobs = {
  sharedSubjects: 0,
  sharedAnswers: 0,
  sharedScript: false,
  sharedOrder: false,
  parallel: 0,
  share: 1,
};

/** Worlds that differ from `apart` by one knob, and two in which several are turned. */
export const tongueWorlds = {
  apart,
  "same script": { ...apart, sharedScript: true },
  "same order": { ...apart, sharedOrder: true },
  "parallel text": { ...apart, parallel: 1 },
  "little data": { ...apart, share: 0.5 },
  "shared answers": { ...apart, sharedAnswers: 1 },
  "shared subjects": { ...apart, sharedSubjects: 1 },
  "half of the subjects": { ...apart, sharedSubjects: 0.5 },
  "shared subjects and order": { ...apart, sharedSubjects: 1, sharedOrder: true },
  "all but the frames": {
    ...apart,
    sharedSubjects: 1,
    sharedAnswers: 1,
    sharedScript: true,
    sharedOrder: true,
    parallel: 1,
  },
} as const satisfies Readonly<Record<string, TongueKnobs>>;

/** The name of a world. */
export type TongueWorld = keyof typeof tongueWorlds;
