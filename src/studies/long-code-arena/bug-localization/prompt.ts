import type { Settings } from "../settings.ts";

/** A system prompt, and the words around the issue and the list. */
export interface LocalizationPrompt {
  readonly system: string;
  readonly render: (parts: { readonly repository: string; readonly issue: string; readonly list: string }) => string;
}

const paper: LocalizationPrompt = {
  system:
    "You are python java and kotlin developer or QA or support engineer who is in a duty and looking through bugs reports in GitHub repo.",
  render: ({ issue, list }) => `
    List of files: ${list}
    Issue: ${issue}
    You are given a list of files in project and bug issue description.
    Select subset of 1-5 files which SHOULD be fixed according to issue.
    Provide output in JSON format with one field 'files' with list of file names which SHOULD be fixed.
    Provide ONLY json without any additional comments.
`,
};

const role = "You are an AI assistant specialized in software bug localization.";
const goal = "Your task is to identify the most likely files to be modified to fix a given bug.";
const form = [
  "Analyze the issue description and determine the files in the repository that are MOST likely to require modification to resolve the issue.",
  'Provide the output in JSON format with the list of file paths under the key "files".',
  "Provide JSON ONLY without any additional comments.",
].join("\n");

const systemOf2025 = (given: string): string => [role, goal, given, form].join("\n");

const subset = "(or subset if case they do not fit to the context size) from the repo.";

const since: Readonly<Record<Settings["hints"], LocalizationPrompt>> = {
  "issue-only": {
    system: systemOf2025("You will be provided with the repository name and a GitHub bug issue description."),
    render: ({ repository, issue }) => `GitHub repo name:\n${repository}\nIssue description:\n${issue}\n`,
  },
  paths: {
    system: systemOf2025(
      `You will be provided with the repository name, GitHub bug issue description and list of relevant file paths ${subset}`,
    ),
    render: ({ repository, issue, list }) =>
      `GitHub repo name:\n${repository}\nIssue description:\n${issue}\nFile paths from the repo:\n${list}`,
  },
  imports: {
    system: systemOf2025(
      `You will be provided with the repository name, GitHub bug issue description and list of relevant file paths and imports extracted from each file ${subset}`,
    ),
    render: ({ repository, issue, list }) =>
      `GitHub repo name:\n${repository}\nIssue description:\n${issue}\nFile paths with imports from the repo:\n${list}\n`,
  },
};

/**
 * The prompt of a profile: the paper's, or that of the code since 2025.
 *
 * Source   lca-baselines at bde972c (2024) and 5b1b564 (2025), bug_localization
 */
export const promptOf = ({ profile, hints }: Pick<Settings, "profile" | "hints">): LocalizationPrompt =>
  profile === "2025" ? since[hints] : paper;
