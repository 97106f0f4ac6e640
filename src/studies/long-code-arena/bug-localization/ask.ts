import { isSource } from "../history/source-paths.ts";
import type { Asked, Asking } from "../task.ts";
import { fitted } from "../window.ts";
import { type BugItem, issueOf } from "./item.ts";
import type { BugTruth } from "./measures.ts";
import { promptOf } from "./prompt.ts";
import { candidatesOf, rankers } from "./rankers.ts";

/**
 * The question about one bug: the issue and as much of the list of files as fits.
 *
 * 2024: the files in the repository's order. 2025: the nearest by BM25 first. A list that does not fit loses its end.
 *
 * Deviation: the authors of 2024 asked once for each half, quarter … of a list that was too long and once more for what
 * those named; here the files that BM25 puts last are left out, in one question.
 */
export async function ask(item: BugItem, { settings, window, control }: Asking): Promise<Asked<BugTruth>> {
  const { system, render } = promptOf(settings);
  const issue = issueOf(item);
  const maxTokens = Math.min(settings.maxTokens, 512);
  const around = `${system}\n${render({ repository: item.repository, issue: "", list: "" })}`;
  const room = { window, answerTokens: maxTokens, keep: "first" } as const;
  const shown = fitted(issue, { ...room, around, what: "issue" });
  const listing = { ...room, around: `${around}${shown.text}`, what: "list of files" };
  const list = control === undefined ? await fittedList(item, { listing, settings }) : { text: "", cut: [] };
  const ranking = control === "bm25" || control === "tf-idf" ? await rankers[control](item) : [];
  const repository = item.repository.replace("__", "/");
  const text = render({ repository, issue: shown.text, list: list.text });
  return {
    question: {
      system,
      parts: [{ type: "text", text }],
      sampling: { temperature: 0, seed: 76097149, maxTokens },
      controls: {
        oracle: () => reply(item.truth),
        bm25: () => reply(ranking),
        "tf-idf": () => reply(ranking),
      },
    },
    truth: { item: item.id, files: item.truth },
    cut: [...shown.cut, ...list.cut],
  };
}

const reply = (files: readonly string[]): string => JSON.stringify({ files });

interface Listing {
  readonly listing: Parameters<typeof fitted>[1];
  readonly settings: Asking["settings"];
}

async function fittedList(item: BugItem, { listing, settings }: Listing): Promise<{ text: string; cut: string[] }> {
  if (settings.profile === "2025" && settings.hints === "issue-only") return { text: "", cut: [] };
  const inOrder = await candidatesOf(item);
  const whole = inOrder.join("\n");
  if (settings.profile !== "2025" && fitted(whole, listing).cut.length === 0) return { text: whole, cut: [] };
  const ranking = await rankers.bm25(item);
  const lines =
    settings.hints === "imports" && settings.profile === "2025" ? await withImports(item, ranking) : ranking;
  const { text, cut } = fitted(lines.join("\n"), listing);
  // Half a path is no path.
  const kept = cut.length === 0 ? text : text.slice(0, Math.max(0, text.lastIndexOf("\n")));
  return { text: kept, cut };
}

const imports = /^\s*(?:import\b|from\s+\S+\s+import\b|export\s.*\bfrom\b|(?:const|let|var)\s.*\brequire\().*/gm;

/** Each path with the lines of its file that import something. */
async function withImports({ files, endings }: BugItem, ranking: readonly string[]): Promise<string[]> {
  const contents = new Map(
    (await files()).flatMap(({ path, content }) => (isSource(path, endings) ? [[path, content ?? ""]] : [])),
  );
  return ranking.map((path) =>
    [path, ...(contents.get(path)?.match(imports) ?? []).map((line) => line.trim())].join("\n"),
  );
}
