import type { FetchModelOptions } from "#formats";
import type { Desk } from "../../desk.ts";

/** Says what is fetched from the hub: each file that was not here yet, and why one is tried again. */
export function fetchNotice(desk: Desk): NonNullable<FetchModelOptions["onEvent"]> {
  return (event) => {
    if (event.type === "hub-absent") desk.tell(`The hub cannot be reached (${event.reason}); using what is here`);
    if (event.type === "file-start") desk.tell(`Fetching ${event.path} (${megabytes(event.bytes)})`);
    if (event.type === "file-retry") desk.tell(`Fetching ${event.path} again: ${event.reason}`);
  };
}

/** "12.3 MB" */
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
