const space = /^\p{White_Space}$/u;

/** Where the white space before `end` begins. A pattern that ends in `$` would try anew at each sign of a long gap. */
export function startOfSpaces(text: string, end = text.length): number {
  let at = end;
  while (at > 0 && space.test(text[at - 1]!)) at--;
  return at;
}
