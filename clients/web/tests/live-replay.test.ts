import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { replay, unsaved } from '../src/lib/live/replay'
import { add, linesOf, move, put, sectionsOf, set, textOf } from '../src/lib/live/shape'
import { OPERATIVE } from './live-room'

function copy(doc: Y.Doc): Y.Doc {
  const same = new Y.Doc()
  Y.applyUpdate(same, Y.encodeStateAsUpdate(doc))
  return same
}

function draft(...texts: string[]): Y.Doc {
  const doc = new Y.Doc()
  texts.forEach((text, n) => put(doc, `se_${n}`, { ...OPERATIVE, rank: String.fromCharCode(65 + n) }, text))
  return doc
}

test('what is not saved is found among what others wrote, and has its place there', () => {
  const base = draft('States shall act.', 'States shall report.')
  const [mine, theirs] = [copy(base), copy(base)]
  textOf(mine, 'se_0').insert(6, ' Parties')
  textOf(mine, 'se_0').delete(14, 6)
  textOf(theirs, 'se_0').insert(0, 'All ')
  const changes = unsaved(mine, theirs)
  expect(changes).toEqual([
    {
      section: 'se_0',
      text: 'All States Parties act.',
      edits: [{ retain: 10 }, { insert: ' Parties' }, { delete: 6 }],
      entry: {},
      added: false,
    },
  ])
  replay(theirs, changes)
  expect(textOf(theirs, 'se_0').toString()).toBe('All States Parties act.')
})

test('what the service has already is not found again', () => {
  const base = draft('States shall act.')
  const mine = copy(base)
  textOf(mine, 'se_0').insert(0, 'All ')
  expect(unsaved(mine, copy(mine))).toEqual([])
  expect(unsaved(base, mine)).toEqual([])
})

test('of the outline only what was set is set again', () => {
  const base = draft('One.', 'Two.')
  const [mine, theirs] = [copy(base), copy(base)]
  set(mine, 'se_1', { level: 3 })
  set(theirs, 'se_1', { removed: true })
  const changes = unsaved(mine, theirs)
  expect(changes.map(({ section, entry, added }) => [section, entry, added])).toEqual([['se_1', { level: 3 }, false]])
  replay(theirs, changes)
  expect(linesOf(theirs)[1]).toMatchObject({ level: 3, removed: true })
})

test('after any typing of two people the replay reads as the merge of both does', () => {
  let seed = 7
  const chance = (below: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % below
  const type = (doc: Y.Doc): void => {
    const sections = [...sectionsOf(doc).keys()]
    const section = sections[chance(sections.length)] ?? ''
    const text = textOf(doc, section)
    switch (chance(8)) {
      case 0:
        return move(doc, section, chance(2) ? null : (sections.find((other) => other !== section) ?? null))
      case 1:
        return set(doc, section, { level: chance(4) })
      case 2:
        return void add(doc, { after: section, kind: 'operative', level: 1, text: 'new 𝄞 ' })
      case 3:
      case 4:
        return text.delete(chance(text.length + 1) >> 1, text.length >> 2)
      default:
        return text.insert(chance(text.length + 1), `${chance(1_000)} `)
    }
  }
  for (let round = 0; round < 200; round += 1) {
    const base = draft('States shall act.', 'States [should] report.', '')
    const [mine, theirs] = [copy(base), copy(base)]
    for (let n = chance(12); n > 0; n -= 1) type(mine)
    for (let n = chance(12); n > 0; n -= 1) type(theirs)
    const merged = copy(theirs)
    Y.applyUpdate(merged, Y.encodeStateAsUpdate(mine))
    const fresh = copy(theirs)
    replay(fresh, unsaved(mine, theirs))
    expect(linesOf(fresh)).toEqual(linesOf(merged))
    expect(unsaved(fresh, merged).map((change) => change.edits)).not.toContainEqual(undefined)
  }
})

test('a section put between two of the same rank stands between them', () => {
  const doc = draft('One.', 'Two.', 'Three.')
  set(doc, 'se_1', { rank: 'A' })
  set(doc, 'se_2', { rank: 'A' })
  const added = add(doc, { after: 'se_0', kind: 'operative', level: 1 })
  expect(linesOf(doc).map((line) => line.section)).toEqual(['se_0', added, 'se_1', 'se_2'])
  move(doc, 'se_2', null)
  expect(linesOf(doc).map((line) => line.section)).toEqual(['se_2', 'se_0', added, 'se_1'])
  expect(() => move(doc, 'se_2', 'se_9')).toThrow('there is no section se_9')
})
