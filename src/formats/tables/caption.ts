/** A picture's file and what it shows, not trimmed. */
export interface Caption {
  readonly file: string;
  readonly caption: string;
}

/** A caption and where it stood. */
export interface PlacedCaption extends Caption {
  readonly line?: number;
}
