const SPACES = /[\s\u00a0\u2009\u202f]/g;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The number a text says, NaN if none: "−1 250.5", "3e-4". Spaces between digits and the true minus are read. */
export function parseNumber(text: string): number {
  const plain = text.replace(SPACES, '').replaceAll('−', '-');
  return NUMBER.test(plain) ? Number(plain) : Number.NaN;
}

/** Every digit of a number, with a true minus. */
export function formatNumber(value: number): string {
  return String(value).replaceAll('-', '−');
}

/** What a text means in a field: a number that may be had, or what is wrong with it. */
export type Judgement =
  { readonly value: number } | { readonly problem: string; readonly value: number | null };

export interface NumberRules {
  readonly parse: (text: string) => number;
  readonly check: (value: number) => string | null;
}

export function judge(text: string, { parse, check }: NumberRules): Judgement {
  const value = parse(text);
  if (!Number.isFinite(value)) return { problem: 'Enter a number.', value: null };
  const problem = check(value);
  return problem === null ? { value } : { problem, value };
}

/** How one arrow key changes a number. */
export type Step = number | ((value: number, direction: 1 | -1) => number);

/** `times` steps from `value`, as far as the numbers are allowed. */
export function stepped(
  value: number,
  step: Step,
  direction: 1 | -1,
  times: number,
  check: NumberRules['check'],
): number {
  let at = value;
  for (let i = 0; i < times; i++) {
    const next = typeof step === 'function' ? step(at, direction) : sum(at, step * direction);
    if (!Number.isFinite(next) || check(next) !== null) break;
    at = next;
  }
  return at;
}

/** 0.1 + 0.2 is 0.3 here: rounded to the decimals the two numbers are written with. */
function sum(a: number, b: number): number {
  const exact = a + b;
  const digits = Math.max(decimals(a), decimals(b));
  return digits > 15 ? exact : Number(exact.toFixed(digits));
}

function decimals(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (digits.split('.')[1]?.length ?? 0) - Number(exponent));
}

/** The repairs on offer: allowed numbers, each once, in order. */
export function usableRepairs(offered: readonly number[], check: NumberRules['check']): number[] {
  return [...new Set(offered)].filter((n) => Number.isFinite(n) && check(n) === null).sort((a, b) => a - b);
}
