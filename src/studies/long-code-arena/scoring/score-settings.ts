/** What a scorer may be told besides the answers. */
export interface ScoreSettings {
  /** Where the official rows are, for answers that name theirs by its index. */
  readonly data: string;
  readonly profile: "2024" | "2025" | "lenient";
}
