/** Indices by falling score; of equal scores the higher index comes first, so that a ranking never varies. */
export function ranked(scores: ArrayLike<number>, limit = scores.length): number[] {
  const order = Array.from({ length: scores.length }, (_, at) => at);
  return order.sort((a, b) => scores[b]! - scores[a]! || b - a).slice(0, limit);
}
