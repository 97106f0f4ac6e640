import type { Plan } from "#runs";
import type { Facts } from "./fact.ts";
import { paperNotes } from "./paper-models.ts";
import type { ArmName, EditorName, Settings } from "./settings.ts";

/** How many edits an editor makes on so many facts in so many languages. */
const editsOf = {
  rome: (facts, languages) => facts * languages,
  "r-rome": (facts, languages) => facts * languages,
  "ft-l": (facts, languages) => facts * languages,
  memit: (_, languages) => languages,
  joint: (facts) => facts,
  "joint-others": (facts, languages) => facts * languages,
} as const satisfies Record<EditorName, (facts: number, languages: number) => number>;

/** How many steps one seed has: one an edit, and what comes before. */
export function stepsOf(
  { list, languages: all }: Pick<Facts, "list" | "languages">,
  { settings, hasWorlds }: { readonly settings: Settings; readonly hasWorlds: boolean },
): number {
  const { arms, editors, mergePair, mergeFacts, merges, worlds, worldEdits } = settings;
  const [facts, languages] = [list.length, all.length];
  const has = (arm: ArmName): number => Number(arms.includes(arm));
  const matrix = 1 + editors.reduce((sum, editor) => sum + editsOf[editor](facts, languages), 0);
  const models = 1 + mergePair.length + merges.length;
  const merging = mergePair.length + models * (1 + editsOf.rome(Math.min(mergeFacts, facts), mergePair.length));
  const world = 3 + editsOf.rome(worldEdits, 2);
  return (
    2 + has("matrix") * matrix + has("merge") * merging + has("controlled") * Number(hasWorlds) * worlds.length * world
  );
}

/** What a run would compute. */
export async function planOf(
  facts: Facts,
  { settings, limit }: { readonly settings: Settings; readonly limit?: number | undefined },
): Promise<Plan> {
  const count = facts.list.slice(0, limit).length;
  const languages = facts.languages.length;
  const edits = settings.editors.reduce((sum, editor) => sum + editsOf[editor](count, languages), 0) * settings.seeds;
  const readings = count * languages * languages * settings.editors.length * settings.seeds;
  return {
    samples: readings,
    calls: readings,
    images: 0,
    imageBytes: 0,
    inputTokens: readings * 12 * 20,
    outputTokens: readings * settings.maxTokens * 2,
    notes: [
      `${count} facts, ${languages} languages, ${settings.editors.join(" and ")}: ${edits} edits, ${readings} readings of a fact in a language`,
      ...(settings.arms.includes("merge")
        ? [`merging: 2 fine-tunes of ${settings.mergeSteps} steps, ${settings.merges.length} merges, all edited again`]
        : []),
      ...(settings.arms.includes("controlled")
        ? [`controlled worlds: one small model each, ${settings.worldSteps} steps`]
        : []),
      ...facts.notes,
      ...(settings.source === "atlas" ? [] : await paperNotes(edits)),
    ],
  };
}
