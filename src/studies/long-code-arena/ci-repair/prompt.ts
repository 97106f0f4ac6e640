import { renderBlocks, type ShownBlock } from "#evals";

/**
 * The goal and what the log says, then every block of code that the true repair touches.
 *
 * Deviation: how a reply gives its blocks back is ours, for the authors' code was not released.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §4.2
 */
export const renderPrompt = ({
  log,
  blocks,
}: {
  readonly log: string;
  readonly blocks: readonly ShownBlock[];
}): string =>
  `Fix CI in order for tests to pass. Relevant logs: ${log}\n\n${renderBlocks(blocks)}\n\n` +
  "Return each block that you change as a whole between its marks, as it stands above, or return a unified diff.";
