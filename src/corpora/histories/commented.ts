/** A function or class with what stands in the comment before it. */
export interface Described {
  readonly name: string;
  readonly text: readonly string[];
}

/** A script without the lines that are comments alone. */
export function withoutComments(text: string): string {
  let inside = false;
  const kept = text.split("\n").filter((line) => {
    const bare = line.trim();
    const isComment = inside || /^(\/\/|\/\*)/.test(bare);
    if (/^\/\*/.test(bare)) inside = true;
    if (inside && bare.endsWith("*/")) inside = false;
    return !isComment;
  });
  return kept.join("\n").replaceAll(/\n{3,}/g, "\n\n");
}

const described =
  /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*\n\s*(?:export )?(?:default )?(?:async )?(?:function\*? |class |const )?(\w+)/g;

const isWord = /^(import|export|function|if|for|return|let|var|const|static|get|set|async|this)$/;

/** Functions and classes that have a comment in front, in the order of the text. */
export function describedIn(text: string): Described[] {
  const found = [...text.matchAll(described)].map(([, comment = "", name = ""]) => ({ name, text: proseOf(comment) }));
  return found.filter(({ name }, at) => !isWord.test(name) && found.findIndex((one) => one.name === name) === at);
}

/** Names of parameters stay, types go: a page says what a type already says in the code no second time. */
function proseOf(comment: string): string[] {
  const lines = comment.split("\n").map((line) => line.replace(/^\s*\*?\s?/, "").trim());
  return lines.flatMap((line) => {
    const [, tag, rest = ""] = /^@(param|returns)\s+(?:\{(?:[^{}]|\{[^{}]*\})*\}\s*)?(.*)$/.exec(line) ?? [];
    if (tag === "param")
      return rest === "" ? [] : [`- takes ${rest.replace(/^\[?([\w.]+)\]?\s*-?\s*/, "`$1` ")}`.trim()];
    if (tag === "returns") return rest === "" ? [] : [`- gives ${rest}`];
    return line.startsWith("@") || line === "" ? [] : [line];
  });
}
