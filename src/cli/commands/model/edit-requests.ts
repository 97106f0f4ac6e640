import { z } from "zod";
import { UsageError } from "#base";
import { readRows } from "#formats";
import type { EditRequest } from "#methods/editing";

/** What the command line says of what is to be edited. */
export interface RequestFlags {
  readonly subject?: string;
  readonly prompt?: string;
  readonly target?: string;
  readonly old?: string;
  readonly language?: string;
  readonly requests?: string;
}

const requestRow = z.object({
  id: z.union([z.string(), z.number().transform(String)]).optional(),
  subject: z.string(),
  prompt: z.string(),
  target: z.string(),
  old: z.string().optional(),
  language: z.string().optional(),
});

/** One request from the options, or many from a file. @throws UsageError REQUEST_MISSING, REQUEST_INVALID naming the row */
export async function requestsFrom(flags: RequestFlags): Promise<EditRequest[]> {
  const { subject, prompt, target, old, language, requests } = flags;
  if (requests !== undefined) return requestsIn(requests);
  if (subject === undefined || prompt === undefined || target === undefined) {
    const wanted = "Expected --subject, --prompt and --target, or --requests FILE.jsonl";
    throw new UsageError("REQUEST_MISSING", `edit: ${wanted}, got neither`);
  }
  return [{ subject, prompt, target, ...(old === undefined ? {} : { old }), ...(language ? { language } : {}) }];
}

async function requestsIn(file: string): Promise<EditRequest[]> {
  const found: EditRequest[] = [];
  for await (const row of readRows(file)) {
    const result = requestRow.safeParse(row);
    if (!result.success) {
      const { path, message } = result.error.issues[0]!;
      const where = `row ${found.length + 1} of ${file}, field ${path.join(".")}`;
      const fields = "subject, prompt, target and, where known, id, old and language";
      throw new UsageError("REQUEST_INVALID", `edit: Expected ${fields}, got "${message}" in ${where}`);
    }
    found.push(result.data as EditRequest);
  }
  return found;
}
