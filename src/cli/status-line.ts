import type { Desk } from "./desk.ts";

/** One line that says how far something is: redrawn on a terminal, written now and then into a log. */
export interface StatusLine extends Disposable {
  /** What is so now. */
  show(text: string): void;
  /** Something to remember, above the line. */
  say(text: string): void;
  /** Takes the line away. */
  end(): void;
}

/** When a line is written where there is no terminal. */
export interface StatusLineOptions {
  /** Between two lines of a log. */
  readonly everyMs: number;
  readonly now?: () => number;
}

/** A status line on stderr, so that stdout stays data. */
export function createStatusLine(desk: Desk, { everyMs, now = Date.now }: StatusLineOptions): StatusLine {
  let last = Number.NEGATIVE_INFINITY;
  let isDrawn = false;
  const end = (): void => {
    if (isDrawn) desk.draw("");
    isDrawn = false;
  };
  return {
    show: (text) => {
      if (desk.isTerminal) {
        desk.draw(text);
        isDrawn = true;
      } else if (now() - last >= everyMs) {
        last = now();
        desk.tell(text);
      }
    },
    say: (text) => {
      end();
      desk.tell(text);
    },
    end,
    [Symbol.dispose]: end,
  };
}
