import type { Json } from "#base";
import type { Photo } from "#formats";
import type { Configuration } from "./configurations.ts";
import type { Haystacks } from "./haystacks.ts";

/** Captioned pictures and the haystacks made of them, wherever they come from. */
export interface Collection {
  /** Hashes of everything that decides its questions; enters the run's identity. */
  readonly identity: Json;
  /** Hash of all its captions by file name. */
  readonly captions: string;
  haystacks(configuration: Configuration): Haystacks;
  /** What a source picture shows, as it is sent: surrounding spaces belong to it. */
  captionOf(source: string): string;
  /** A name that changes when the picture does. */
  contentOf(source: string): string;
  /** The picture itself, for whoever really looks. @throws AssayError PICTURE_MISSING */
  photoOf(source: string): Promise<Photo>;
  /**
   * Looks for the pictures of these haystacks before the first question is paid for.
   *
   * @throws AssayError PICTURE_MISSING counting what is missing
   */
  requirePhotos(haystacks: readonly Haystacks[]): void;
}
