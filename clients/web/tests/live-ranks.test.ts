import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { between, isRank } from '../src/lib/live/ranks'

interface Case {
  low: string | null
  high: string | null
  rank: string
}

// The examples that `drafting/domain/ranks.py` is held to as well.
const examples = JSON.parse(readFileSync(new URL('fixtures/ranks.json', import.meta.url), 'utf8')) as {
  between: Case[]
  refused: Omit<Case, 'rank'>[]
  ordered: string[]
}

test.each(examples.between)('between $low and $high lies $rank', ({ low, high, rank }) => {
  expect(between(low, high)).toBe(rank)
})

test.each(examples.refused)('between $low and $high lies nothing', ({ low, high }) => {
  expect(() => between(low, high)).toThrow(RangeError)
})

test('ranks are compared as strings are', () => {
  expect(examples.ordered.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(examples.ordered)
  expect(examples.ordered.every(isRank)).toBe(true)
})
