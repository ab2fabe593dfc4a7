/**
 * Ranks: strings that order the sections of a working draft, such that between any two there is room for another. The
 * twin of `drafting/domain/ranks.py`, held to the same examples: a fraction between 0 and 1 in base 62, without the
 * point, compared by code point, never ending in "0".
 */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Whether the text is a rank: digits of base 62, at least one, the last not "0". */
export function isRank(text: string): boolean {
  return /^[0-9A-Za-z]*[1-9A-Za-z]$/.test(text)
}

/**
 * Gives a rank after `low` (`null`: the beginning) and before `high` (`null`: the end), in their middle as far as short
 * digits allow. Throws where one is no rank or `low` does not stand before `high`.
 */
export function between(low: string | null, high: string | null): string {
  for (const rank of [low, high]) if (rank !== null && !isRank(rank)) throw new RangeError(`${rank} is no rank`)
  if (low !== null && high !== null && low >= high) throw new RangeError(`${low} is not before ${high}`)
  let digits = ''
  let ceiling = high
  for (;;) {
    const at = digits.length
    const least = value(low, at) ?? 0
    const most = value(ceiling, at) ?? DIGITS.length
    if (most - least > 1) return digits + DIGITS.charAt(Math.floor((least + most) / 2))
    digits += DIGITS.charAt(least)
    // One digit apart: what stands below `low` here is below `high` already, however it goes on.
    if (most !== least) ceiling = null
  }
}

function value(rank: string | null, at: number): number | null {
  return rank !== null && at < rank.length ? DIGITS.indexOf(rank.charAt(at)) : null
}
