/**
 * The expressions of a workflow: literals, contexts, comparisons and a few functions.
 *
 *     or = and ("||" and)*    and = compare ("&&" compare)*    compare = unary (op unary)?    unary = "!" unary | term
 *
 * Source   GitHub Docs, Evaluate expressions in workflows and actions
 */
import { AssayError } from "#base";

/** What an expression may be, and may be looked up in. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

/** What an expression is evaluated in. */
export interface ExpressionScope {
  /** `env`, `matrix`, `github`, `steps` … */
  readonly contexts: Readonly<Record<string, Value>>;
  /** How the job stands: what `success()`, `failure()`, `always()` and `cancelled()` say. */
  readonly status?: "success" | "failure";
}

/** Evaluates one expression, without its `${{ }}`. @throws AssayError EXPRESSION_UNSUPPORTED naming what is not known */
export function evaluate(text: string, scope: ExpressionScope): Value {
  const reader = new Reader(tokensOf(text), scope);
  const value = reader.or();
  reader.end();
  return value;
}

/** Fills every `${{ }}` of a text in. */
export const interpolate = (text: string, scope: ExpressionScope): string =>
  text.replaceAll(/\$\{\{([\s\S]*?)\}\}/g, (_, inner: string) => textOf(evaluate(inner.trim(), scope)));

/** Whether a condition holds; without a word about the job's status it holds only while nothing has failed. */
export function holds(condition: string | undefined, scope: ExpressionScope): boolean {
  const bare =
    condition
      ?.trim()
      .replace(/^\$\{\{([\s\S]*)\}\}$/, "$1")
      .trim() ?? "";
  const asksStatus = /\b(success|failure|always|cancelled)\s*\(/.test(bare);
  const free = asksStatus || scope.status !== "failure";
  return free && (bare === "" || isTruthy(evaluate(bare, scope)));
}

/** As GitHub has it: 0, "", null and NaN are false. */
export const isTruthy = (value: Value): boolean => Boolean(value);

/** A value as it stands in a text. */
export function textOf(value: Value): string {
  if (value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const unsupported = (what: string): AssayError =>
  new AssayError("EXPRESSION_UNSUPPORTED", `workflow: Expected an expression that the runner knows, got ${what}`);

type Token =
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "word" | "sign"; readonly value: string };

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:'((?:[^']|'')*)'|([\w$][\w$-]*|\d+(?:\.\d+)?)|(\|\||&&|[=!<>]=|[!<>().,[\]*]))/gy;
  let at = 0;
  for (const match of text.trimEnd().matchAll(pattern)) {
    if (match.index !== at) break;
    at = match.index + match[0].length;
    const [, quoted, word, sign] = match;
    if (quoted !== undefined) tokens.push({ kind: "text", value: quoted.replaceAll("''", "'") });
    else tokens.push(word === undefined ? { kind: "sign", value: sign! } : { kind: "word", value: word });
  }
  if (at < text.trimEnd().length) throw unsupported(`"${text.slice(at).trim()}"`);
  return tokens;
}

const literals: Readonly<Record<string, Value>> = { true: true, false: false, null: null };

class Reader {
  readonly #tokens: readonly Token[];
  readonly #scope: ExpressionScope;
  #at = 0;

  constructor(tokens: readonly Token[], scope: ExpressionScope) {
    this.#tokens = tokens;
    this.#scope = scope;
  }

  end(): void {
    const left = this.#tokens[this.#at];
    if (left !== undefined) throw unsupported(`"${left.value}" where nothing was left`);
  }

  or(): Value {
    let left = this.#and();
    while (this.#take("||")) {
      const right = this.#and();
      left = isTruthy(left) ? left : right;
    }
    return left;
  }

  #and(): Value {
    let left = this.#compare();
    while (this.#take("&&")) {
      const right = this.#compare();
      left = isTruthy(left) ? right : left;
    }
    return left;
  }

  #compare(): Value {
    const left = this.#unary();
    const sign = ["==", "!=", "<=", ">=", "<", ">"].find((one) => this.#take(one));
    return sign === undefined ? left : compared(left, sign, this.#unary());
  }

  #unary(): Value {
    return this.#take("!") ? !isTruthy(this.#unary()) : this.#path(this.#term());
  }

  #term(): Value {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw unsupported("an expression that ends too early");
    if (token.kind === "text") return token.value;
    if (token.value === "(") {
      const inner = this.or();
      this.#expect(")");
      return inner;
    }
    if (token.kind === "sign") throw unsupported(`"${token.value}"`);
    if (Object.hasOwn(literals, token.value)) return literals[token.value]!;
    if (/^\d/.test(token.value)) return Number(token.value);
    return this.#take("(") ? this.#call(token.value) : this.#context(token.value);
  }

  #context(name: string): Value {
    if (!Object.hasOwn(this.#scope.contexts, name)) throw unsupported(`the context "${name}"`);
    return this.#scope.contexts[name]!;
  }

  #path(start: Value): Value {
    let value = start;
    for (;;) {
      if (this.#take(".")) value = member(value, this.#tokens[this.#at++]?.value ?? "");
      else if (this.#take("[")) {
        value = member(value, textOf(this.or()));
        this.#expect("]");
      } else return value;
    }
  }

  #call(name: string): Value {
    const values: Value[] = [];
    while (!this.#take(")")) {
      values.push(this.or());
      this.#take(",");
      if (this.#at >= this.#tokens.length) throw unsupported(`${name}( without its end`);
    }
    return called(name, values, this.#scope);
  }

  #take(sign: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "sign" || token.value !== sign) return false;
    this.#at++;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) throw unsupported(`"${this.#tokens[this.#at]?.value ?? "the end"}" in place of "${sign}"`);
  }
}

/** What is not there is null, as GitHub has it. */
function member(value: Value, name: string): Value {
  if (name === "*") throw unsupported("the filter *");
  if (Array.isArray(value)) return (value as readonly Value[])[Number(name)] ?? null;
  const found = typeof value === "object" && value !== null && Object.hasOwn(value, name);
  return found ? (value as Readonly<Record<string, Value>>)[name]! : null;
}

/** Texts are compared without regard to case; a text and a number as numbers. */
function compared(left: Value, sign: string, right: Value): boolean {
  const asText = typeof left === "string" && typeof right === "string";
  const [a, b] = asText ? [left.toLowerCase(), right.toLowerCase()] : [numberOf(left), numberOf(right)];
  if (sign === "==") return a === b || (left === null && right === null);
  if (sign === "!=") return !compared(left, "==", right);
  if (sign === "<") return a < b;
  if (sign === ">") return a > b;
  return sign === "<=" ? a <= b : a >= b;
}

function numberOf(value: Value): number {
  if (value === null) return 0;
  return typeof value === "object" ? Number.NaN : Number(value);
}

function parsedJson(text: string): Value {
  try {
    return JSON.parse(text);
  } catch {
    throw unsupported(`fromJSON() of "${text.slice(0, 40)}"`);
  }
}

const lower = (value: Value | undefined): string => textOf(value ?? null).toLowerCase();

function called(name: string, [first = null, second = null, ...rest]: readonly Value[], scope: ExpressionScope): Value {
  switch (name) {
    case "success":
      return scope.status !== "failure";
    case "failure":
      return scope.status === "failure";
    case "always":
      return true;
    case "cancelled":
      return false;
    case "contains":
      return Array.isArray(first)
        ? first.some((one) => lower(one) === lower(second))
        : lower(first).includes(lower(second));
    case "startsWith":
      return lower(first).startsWith(lower(second));
    case "endsWith":
      return lower(first).endsWith(lower(second));
    case "format":
      return textOf(first).replaceAll(/\{(\d+)\}/g, (_, at) => textOf([second, ...rest][Number(at)] ?? null));
    case "join":
      return Array.isArray(first) ? first.map(textOf).join(second === null ? "," : textOf(second)) : textOf(first);
    case "toJSON":
      return JSON.stringify(first);
    case "fromJSON":
      return parsedJson(textOf(first));
    default:
      throw unsupported(`the function ${name}()`);
  }
}
