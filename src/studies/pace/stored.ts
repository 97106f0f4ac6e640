import type { Run } from "#runs";
import type { Examined } from "./bench.ts";

/** One explainer of one subject, as its step stored it. */
export interface StoredExaminee extends Examined {
  readonly subject: string;
}

/** Every explainer of a run, variants left out, in the order of its steps. */
export function storedExaminees(run: Run): StoredExaminee[] {
  return [...run.steps()].flatMap(([name, value]) => {
    const [, subject, who] = /^(.+?): (.+), seed \d+$/.exec(name) ?? [];
    if (subject === undefined || who === "variants") return [];
    return [{ ...(value as unknown as Examined), subject }];
  });
}
