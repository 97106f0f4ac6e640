/** Looking twice at a model that forgot: into the weights, and at the answers. */
import { mean } from "#base";
import {
  compareVectors,
  cosine,
  type IntrinsicScore,
  type ModelPair,
  type NullName,
  nullDistributions,
  pairsAt,
  principalAngles,
  projectToVocabulary,
  stackRows,
  tokensOfRow,
  unembeddingOf,
  type ValueVectorPlace,
  valueVector,
  zScore,
} from "#methods/value-vectors";
import { type LanguageModel, threadsOf } from "#models";
import {
  type Answers,
  answerProbability,
  answersOf,
  coefficientOf,
  compareAnswers,
  type GroupScore,
} from "./behaviour.ts";
import type { StudyConcept } from "./concept.ts";
import { equalForgetting, type KeptTarget } from "./equal-forgetting.ts";
import { forget } from "./forget.ts";
import { type RelearningPoint, relearningCurve } from "./relearn.ts";
import { type ScaledMove, scaledMove } from "./scaled-move.ts";
import type { Settings } from "./settings.ts";

/** What an intrinsic number is compared with: the draws that need no behaviour, and those of equal forgetting. */
export type StudyNull = NullName | "matched-forgetting";

/** Everything that is measured of one concept after one method, as JSON. */
export interface Outcome {
  readonly intrinsic: IntrinsicScore;
  /** z of each intrinsic number under each null distribution. */
  readonly z: Readonly<Partial<Record<StudyNull, Readonly<Record<keyof IntrinsicScore, number | null>>>>>;
  /** The mean of each null distribution. */
  readonly nulls: Readonly<Partial<Record<StudyNull, IntrinsicScore>>>;
  /** The share of directions in which no move of the vector forgets as much; null where that was not asked. */
  readonly outOfReach: number | null;
  /** The cosine between the move and the vector: −1 where it was taken back, 0 where the move has nothing to do with it. */
  readonly direction: number;
  /** The widest principal angle between the spans of the concept's likeliest value vectors, in degrees. */
  readonly spanAngle: number;
  /** What the method's move of the vector does alone, at the distance of Needle; null where it did not move. */
  readonly atNeedlesDistance: ScaledMove | null;
  readonly groups: Readonly<Record<string, GroupScore>>;
  readonly probability: { readonly before: number | null; readonly after: number | null };
  readonly coefficient: { readonly before: number; readonly after: number };
  readonly relearning: readonly RelearningPoint[];
  /** The least cosine that learning rate × steps allow; null where nothing was trained. */
  readonly cosineFloor: number | null;
  readonly steps: number;
  readonly warning: string | null;
  /** The tokens that the value vector writes most, before and after. */
  readonly written: { readonly before: readonly string[]; readonly after: readonly string[] };
  /** What the changed model said, group by group. */
  readonly answers: Answers;
}

/** What an examination is told. */
export interface Examination {
  readonly method: string;
  readonly place: ValueVectorPlace;
  readonly span: readonly ValueVectorPlace[];
  readonly settings: Settings;
  readonly seed: number;
  readonly original: Answers;
  readonly kept: KeptTarget;
  /** The model that was given, for the method `given`. */
  readonly after: LanguageModel | undefined;
}

/** Forgets a concept and measures what became of it. @throws AssayError as forget() */
export async function examine(model: LanguageModel, concept: StudyConcept, given: Examination): Promise<Outcome> {
  const forgotten = await forget(model, concept, given);
  const { settings, original, seed } = given;
  const changed = await answersOf(forgotten.model, concept, settings);
  const groups = compareAnswers(concept, { original, changed });
  return {
    ...(await lookInside({ before: model, after: forgotten.model }, given, groups.target!.bleu!)),
    groups,
    atNeedlesDistance: await scaledMove({ before: model, after: forgotten.model }, concept, given),
    ...(await lookAtTarget(model, forgotten.model, { concept, given })),
    relearning: await relearningCurve(forgotten.model, concept, { settings, seed, original }),
    steps: forgotten.steps,
    cosineFloor: forgotten.bound?.cosine ?? null,
    warning: forgotten.warning ?? null,
    answers: changed,
  };
}

async function lookInside(models: ModelPair, given: Examination, goal: number) {
  const { place, settings } = given;
  const { k } = settings;
  const [intrinsic] = await compareVectors(pairsAt(models, place.layer, [place.column]), models, { k });
  const [first, second] = [valueVector(models.before, place), valueVector(models.after, place)];
  const move = second.map((value, at) => value - first[at]!);
  return {
    intrinsic: intrinsic!,
    ...(await besideNulls(intrinsic!, models, { ...given, goal })),
    direction: cosine(move, first),
    spanAngle: Math.max(...principalAngles(spanIn(models.before, given), spanIn(models.after, given))),
    written: {
      before: (await written(models.before, first, k)).slice(0, shownTokens),
      after: await written(models.after, second, k),
    },
  };
}

const spanIn = (model: LanguageModel, { span }: Examination) =>
  stackRows(span.map((place) => valueVector(model, place)));

/** Each intrinsic number beside what it would be without any reason. */
async function besideNulls(
  intrinsic: IntrinsicScore,
  models: ModelPair,
  given: Examination & { readonly goal: number },
): Promise<Pick<Outcome, "z" | "nulls" | "outOfReach">> {
  const { place, settings, seed } = given;
  const forgetting = await equalForgetting(models.before, given);
  const draws: Partial<Record<StudyNull, readonly IntrinsicScore[]>> = {
    ...(await nullDistributions(models, place, { k: settings.k, count: settings.draws, seed })),
    ...(forgetting === null ? {} : { "matched-forgetting": forgetting.scores }),
  };
  const per = <T>(make: (values: readonly number[], name: keyof IntrinsicScore) => T) =>
    Object.fromEntries(
      Object.entries(draws).map(([name, scores]) => [
        name,
        numbersOf((number) =>
          make(
            scores.map((score) => score[number]),
            number,
          ),
        ),
      ]),
    ) as Partial<Record<StudyNull, Record<keyof IntrinsicScore, T>>>;
  return {
    // Moves of one distance differ by float32's rounding alone.
    z: per((values, name) => zScore(intrinsic[name], values, { rounding: name === "distance" ? 1e-6 : 0 })),
    nulls: per((values) => mean(values)),
    outOfReach: forgetting?.outOfReach ?? null,
  };
}

/** How many tokens of a projection a report shows. */
const shownTokens = 12;

async function written(model: LanguageModel, vector: Float32Array, k: number): Promise<string[]> {
  const top = await projectToVocabulary(
    { vectors: stackRows([vector]), unembedding: unembeddingOf(model) },
    { ...threadsOf(model.config), k },
  );
  return tokensOfRow(model, top, 0);
}

function numbersOf<T>(make: (name: keyof IntrinsicScore) => T): Record<keyof IntrinsicScore, T> {
  return { jaccard: make("jaccard"), cosine: make("cosine"), distance: make("distance") };
}

async function lookAtTarget(
  before: LanguageModel,
  after: LanguageModel,
  { concept, given: { original, place } }: { readonly concept: StudyConcept; readonly given: Examination },
) {
  const target = concept.groups.target!;
  const probability = (model: LanguageModel) => answerProbability(model, target, original.target!);
  const coefficient = (model: LanguageModel) => coefficientOf(model, target, place);
  return {
    probability: { before: await probability(before), after: await probability(after) },
    coefficient: { before: await coefficient(before), after: await coefficient(after) },
  };
}
