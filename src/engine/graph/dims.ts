/**
 * Axis lengths that may be symbols.
 *
 * A length is a number, or a polynomial of symbols in canonical text: "B", "2*B*T", "P+T", "T-1".
 * Equal lengths have equal text, so comparing two lengths is comparing two strings.
 */
import { AssayError } from "#base";

/** A length of one axis: a number, a symbol such as "B", or a polynomial of symbols. */
export type Dim = number | string;

/** The lengths of all axes, outermost first. */
export type Shape = readonly Dim[];

/** Monomial ("" for the constant, "B*T" for a product) → coefficient. */
type Polynomial = ReadonlyMap<string, number>;

const parsed = new Map<string, Polynomial>();

function polynomialOf(dim: Dim): Polynomial {
  if (typeof dim === "number") return new Map([["", dim]]);
  let polynomial = parsed.get(dim);
  if (polynomial === undefined) {
    polynomial = parse(dim);
    parsed.set(dim, polynomial);
  }
  return polynomial;
}

/** @throws AssayError DIM_SYNTAX for text that is no sum of products of symbols */
function parse(text: string): Polynomial {
  const terms = text.match(/[+-]?[^+-]+/g) ?? [];
  const sum = new Map<string, number>();
  for (const term of terms) {
    const factors = term.replace(/^[+-]/, "").split("*");
    if (!factors.every((factor) => /^([A-Za-z_]\w*|\d+)$/.test(factor))) throw badSyntax(text);
    const symbols = factors.filter((factor) => !/^\d/.test(factor)).sort();
    const sign = term.startsWith("-") ? -1 : 1;
    const coefficient = factors
      .filter((factor) => /^\d/.test(factor))
      .reduce((product, n) => product * Number(n), sign);
    const monomial = symbols.join("*");
    sum.set(monomial, (sum.get(monomial) ?? 0) + coefficient);
  }
  if (terms.length === 0) throw badSyntax(text);
  return sum;
}

const badSyntax = (text: string): AssayError =>
  new AssayError("DIM_SYNTAX", `dims: Expected a symbol such as "B" or a product such as "2*B*T", got "${text}"`);

function canonical(polynomial: Polynomial): Dim {
  const terms = [...polynomial].filter(([, coefficient]) => coefficient !== 0);
  if (terms.length === 0) return 0;
  if (terms.length === 1 && terms[0]![0] === "") return terms[0]![1];
  // The constant goes last ("T-1"), and a positive term first, so that the text never starts with a minus without need.
  terms.sort(
    ([a, p], [b, q]) => Number(a === "") - Number(b === "") || Number(p < 0) - Number(q < 0) || (a < b ? -1 : 1),
  );
  const text = terms.map(([monomial, coefficient], at) => showTerm(monomial, coefficient, at === 0));
  return text.join("");
}

function showTerm(monomial: string, coefficient: number, isFirst: boolean): string {
  const sign = coefficient < 0 ? "-" : isFirst ? "" : "+";
  const size = Math.abs(coefficient);
  if (monomial === "") return `${sign}${size}`;
  return size === 1 ? `${sign}${monomial}` : `${sign}${size}*${monomial}`;
}

/** The same length in canonical text. @throws AssayError DIM_SYNTAX, DIM_NEGATIVE */
export function canonicalDim(dim: Dim): Dim {
  if (typeof dim === "string") return canonical(polynomialOf(dim));
  if (Number.isInteger(dim) && dim >= 0) return dim;
  throw new AssayError("DIM_NEGATIVE", `dims: Expected a length of zero or more, got ${dim}`);
}

/** a + b, exactly. */
export function addDims(a: Dim, b: Dim): Dim {
  if (typeof a === "number" && typeof b === "number") return a + b;
  const sum = new Map(polynomialOf(a));
  for (const [monomial, coefficient] of polynomialOf(b)) sum.set(monomial, (sum.get(monomial) ?? 0) + coefficient);
  return canonical(sum);
}

/** a · b, exactly. */
export function multiplyDims(a: Dim, b: Dim): Dim {
  if (typeof a === "number" && typeof b === "number") return a * b;
  const product = new Map<string, number>();
  for (const [left, p] of polynomialOf(a)) {
    for (const [right, q] of polynomialOf(b)) {
      const monomial = [...left.split("*"), ...right.split("*")].filter(Boolean).sort().join("*");
      product.set(monomial, (product.get(monomial) ?? 0) + p * q);
    }
  }
  return canonical(product);
}

/** a − b, exactly. */
export function subtractDims(a: Dim, b: Dim): Dim {
  return addDims(a, multiplyDims(b, -1));
}

/** a / b where b is a single term that divides every term of a; otherwise undefined. */
export function divideDims(a: Dim, b: Dim): Dim | undefined {
  const divisor = [...polynomialOf(b)];
  if (divisor.length !== 1 || divisor[0]![1] === 0) return a === b ? 1 : undefined;
  const [symbols, q] = divisor[0]!;
  const quotient = new Map<string, number>();
  for (const [monomial, p] of polynomialOf(a)) {
    const rest = without(monomial.split("*").filter(Boolean), symbols.split("*").filter(Boolean));
    if (rest === undefined || p % q !== 0) return undefined;
    quotient.set(rest.join("*"), p / q);
  }
  return canonical(quotient);
}

function without(symbols: string[], removed: readonly string[]): string[] | undefined {
  const rest = [...symbols];
  for (const symbol of removed) {
    const at = rest.indexOf(symbol);
    if (at < 0) return undefined;
    rest.splice(at, 1);
  }
  return rest;
}

/** The number of values in a shape. */
export function sizeOfShape(shape: Shape): Dim {
  return shape.reduce(multiplyDims, 1);
}

/** The symbols that a length mentions. */
export function symbolsOf(dim: Dim): string[] {
  if (typeof dim === "number") return [];
  return [...new Set([...polynomialOf(dim).keys()].flatMap((monomial) => monomial.split("*")))].filter(Boolean);
}

/** The terms of a length: each a coefficient and the symbols it is multiplied with. */
export function termsOf(dim: Dim): { coefficient: number; symbols: string[] }[] {
  return [...polynomialOf(dim)].map(([monomial, coefficient]) => ({
    coefficient,
    symbols: monomial.split("*").filter(Boolean),
  }));
}

/** The number that a length stands for, once its symbols are known. */
export function evaluateDim(dim: Dim, symbols: ReadonlyMap<string, number>): number {
  if (typeof dim === "number") return dim;
  let sum = 0;
  for (const term of termsOf(dim)) {
    sum += term.symbols.reduce((product, symbol) => product * symbols.get(symbol)!, term.coefficient);
  }
  return sum;
}

/** "[B, T, 768]". */
export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Whether two shapes are equal for every value of their symbols. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** ⌊a / n⌋ when the symbols of `a` come in multiples of n: "320*T+80" by 5 is "64*T+16"; otherwise undefined. */
export function floorDivideDim(a: Dim, n: number): Dim | undefined {
  const terms = termsOf(a);
  if (terms.some(({ coefficient, symbols }) => symbols.length > 0 && coefficient % n !== 0)) return undefined;
  const whole = terms.map(({ coefficient, symbols }) => [symbols.join("*"), Math.floor(coefficient / n)] as const);
  return canonical(new Map(whole));
}

/** A length that one symbol decides: coefficient · symbol + offset. */
export interface LinearDim {
  readonly symbol: string;
  readonly coefficient: number;
  readonly offset: number;
}

/** A length as a line of its one symbol, so that the symbol follows from the length; undefined for any other. */
export function linearDim(dim: Dim): LinearDim | undefined {
  const terms = termsOf(dim);
  const [slope, ...others] = terms.filter(({ symbols }) => symbols.length > 0);
  if (slope === undefined || slope.symbols.length !== 1 || others.length > 0 || slope.coefficient < 1) return undefined;
  const offset = terms.find(({ symbols }) => symbols.length === 0)?.coefficient ?? 0;
  return { symbol: slope.symbols[0]!, coefficient: slope.coefficient, offset };
}
