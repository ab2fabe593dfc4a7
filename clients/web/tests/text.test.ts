import { describe, expect, test } from 'vitest'
import type { AmendmentView, ChangeView, CommentView, CompiledSectionView, SectionView } from '../src/generated/protocol'
import { hunks, verb } from '../src/lib/amendments'
import { changeCount, side } from '../src/lib/comparison'
import { outline } from '../src/lib/outline'
import { compiledRuns, drawn, marks, plainRuns, quotedRanges } from '../src/lib/runs'
import { slotClasses, slotsOf } from '../src/lib/slots'
import { ulid } from '../src/lib/ulid'

const section = (id: string, kind: SectionView['kind'], text: string, more: Partial<SectionView> = {}): SectionView => ({
  id, kind, level: 1, label: '', text, deleted: false, ...more,
})
const words = (text: string, codes: string[]) => ({ text, amendments: codes.map((c) => `${c}-1`), delegations: codes })
const compiled: CompiledSectionView = {
  section: section('s', 'operative', 'Take appropriate measures, 𝒳.'),
  pieces: ['Take ', { start: 5, end: 16, base: 'appropriate', wordings: [words('all necessary', ['ARV']), words('', ['DUM'])] }, ' measures, 𝒳.'],
  alternatives: [], added_by: [], deleted_by: [], moved_by: [],
}

describe('brackets and emphasis', () => {
  test('brackets are marked and light emphasis is drawn', () => {
    expect(marks('**Decides** [to *urge*]')).toEqual([
      { text: 'Decides', look: 'strong' }, { text: ' ', look: 'plain' }, { text: '[', look: 'bracket' },
      { text: 'to ', look: 'plain' }, { text: 'urge', look: 'em' }, { text: ']', look: 'bracket' },
    ])
  })

  test('a lone star, an unbalanced bracket and a tag stay what they are', () => {
    expect(marks('2 * 3 * 4')).toEqual([{ text: '2 * 3 * 4', look: 'plain' }])
    expect(marks('a ]')).toEqual([{ text: 'a ', look: 'plain' }, { text: ']', look: 'bracket' }])
    expect(marks('<img onerror=x>')).toEqual([{ text: '<img onerror=x>', look: 'plain' }])
  })

  test('the blanks at the ends of a change are set apart', () => {
    const [change, blank] = drawn([{ kind: 'insert', text: ' on time ' }, { kind: 'delete', text: '  ' }])
    expect(change).toEqual({ before: ' ', marks: [{ text: 'on time', look: 'plain' }], after: ' ' })
    expect(blank).toEqual({ before: '', marks: [{ text: '  ', look: 'plain' }], after: '' })
  })

  test('emphasis that begins in one run and ends in another is drawn in both, without its stars', () => {
    const looks = drawn([
      { kind: 'keep', text: '*' }, { kind: 'delete', text: 'Encourage' }, { kind: 'insert', text: 'Call upon' }, { kind: 'keep', text: '* all; ' },
      { kind: 'delete', text: '*May' }, { kind: 'insert', text: '**Shall**' }, { kind: 'keep', text: ' 2 * 3' },
    ])
    expect(looks.map((run) => run.marks.map((m) => [m.text, m.look]))).toEqual([
      [], [['Encourage', 'em']], [['Call upon', 'em']], [[' all; ', 'plain']],
      [['*May', 'plain']], [['Shall', 'strong']], [[' 2 * 3', 'plain']],
    ])
  })
})

describe('the compilation', () => {
  test('who deletes and who inserts is said for each wording', () => {
    expect(compiledRuns(compiled, []).map(({ kind, text, codes }) => [kind, text, codes.join('·')])).toEqual([
      ['keep', 'Take ', ''], ['delete', 'appropriate', 'ARV·DUM'], ['insert', 'all necessary', 'ARV'], ['keep', ' measures, 𝒳.', ''],
    ])
  })

  test('quoted words are found by code points, also past a letter of two code units', () => {
    const target = { quote: 'b', start: 2, end: 3, version: 'v' }
    const comment = { section: 's', target } as CommentView
    const text = section('s', 'operative', '𝒳 b c')
    const quoted = quotedRanges(text, 'v', [comment])
    expect(plainRuns(text.text, 0, quoted).map((r) => [r.text, r.quoted])).toEqual([['𝒳 ', false], ['b', true], [' c', false]])
    expect(quotedRanges(text, 'another version', [comment])).toEqual([])
  })

  test('a card shows its own change only, where the passage is wider because others differ around it', () => {
    const wide = { ...compiled, pieces: [{ start: 0, end: 25, base: 'Take appropriate measures', wordings: [words('Take all necessary measures', ['ARV'])] }] }
    const edit = { op: 'replace', section: 's', text: 'Take all necessary measures, 𝒳.' } as const
    expect(hunks(wide, 'ARV-1', edit)).toEqual([{ gone: 'appropriate', fresh: 'all necessary' }])
  })

  test('an amendment that the compilation leaves out still shows what it changes', () => {
    const edit = { op: 'replace', section: 's', text: 'Take most appropriate measures, 𝒴.' } as const
    expect(hunks(compiled, 'LATE-1', edit)).toEqual([{ gone: 'appropriate measures, 𝒳', fresh: 'most appropriate measures, 𝒴' }])
  })

  test('a card prints no half of an emphasis, and a wholly different wording whole', () => {
    const text = '*Agree* that States act.'
    const base = { ...compiled, section: section('s', 'operative', text), pieces: [text] }
    const late = { op: 'replace', section: 's', text: '*Decide now* that all act.' } as const
    expect(hunks(base, 'LATE-1', late)).toEqual([{ gone: '*Agree* that States', fresh: '*Decide now* that all' }])
    const other = { ...base, alternatives: [{ label: 'OP1 alt', ...words('*Ask* the public.', ['ARV']) }] }
    expect(hunks(other, 'ARV-1', { ...late, text: '*Ask* the public.' })).toEqual([{ gone: text, fresh: '*Ask* the public.' }])
  })

  test('a term throughout shows the words where they stand, or else the term', () => {
    const term = { op: 'term', old: 'appropriate', new: 'all necessary' } as const
    expect(hunks(compiled, 'ARV-1', term)).toEqual([{ gone: 'appropriate', fresh: 'all necessary' }])
    expect(hunks(compiled, 'LATE-1', term)).toEqual([{ gone: 'appropriate', fresh: 'all necessary' }])
  })

  test('of merged paragraphs the first shows what it gains and the others that they go', () => {
    const merge = { op: 'merge', sections: ['q', 's'], text: 'Take all.' } as const
    expect(hunks(compiled, 'LATE-1', { ...merge, sections: ['q', 's'] })).toEqual([{ gone: 'Take appropriate measures, 𝒳.', fresh: '' }])
    expect(hunks(compiled, 'LATE-1', { ...merge, sections: ['s', 'q'] })).toEqual([{ gone: 'appropriate measures, 𝒳', fresh: 'all' }])
  })

  test('a card names the act as delegates do', () => {
    const replace = [{ op: 'replace', section: 's', text: '' }] as const
    expect(verb(replace, [{ gone: '', fresh: 'new' }])).toBe('add')
    expect(verb(replace, [{ gone: 'old', fresh: '' }])).toBe('delete')
    expect(verb(replace, [{ gone: '', fresh: 'new' }, { gone: 'old', fresh: '' }])).toBe('replace')
    expect(verb([{ op: 'move', section: 's', after: null }], [])).toBe('move')
  })
})

test('the outline begins with the preamble and counts an amendment once for each part', () => {
  const sections = [
    section('t', 'title', 'Call'), section('p1', 'preambular', 'Recalling'), section('h', 'heading', '*Prevention*'),
    section('o1', 'operative', 'Decide'), section('o2', 'operative', 'Urge'),
  ]
  const amendments = [{ touches: ['o1', 'o2'] }, { touches: ['p1', 'o1'] }] as AmendmentView[]
  expect(outline(sections, amendments).map((p) => [p.unnamed ?? p.name, p.section, p.amendments])).toEqual([
    ['preamble', 'p1', 1], ['Prevention', 'h', 2],
  ])
})

test('a comparison counts neighbouring deletions and insertions as one change, and shows each side its own words', () => {
  const change = {
    kinds: ['edited'],
    spans: [['keep', 'a '], ['delete', 'b'], ['insert', 'c'], ['keep', ' d'], ['insert', ' e']],
  } as unknown as ChangeView
  expect(changeCount(change)).toBe(2)
  expect(side(change, 'old').map(([, text]) => text).join('')).toBe('a b d')
  expect(side(change, 'new').map(([, text]) => text).join('')).toBe('a c d e')
})

test('sixty delegations look different from each other', () => {
  expect(new Set(Array.from({ length: 60 }, (_, n) => slotClasses(n))).size).toBe(60)
  expect([slotClasses(0), slotClasses(7), slotClasses(30)]).toEqual(['ink0 pat0 wt0', 'ink1 pat1 wt0', 'ink0 pat0 wt1'])
})

test('the slot of a delegation is its place in the protocol order', () => {
  const slots = slotsOf([{ code: 'BOR', kind: 'state', names: {}, designations: {}, members: [], order: 20 }, { code: 'ARV', kind: 'state', names: {}, designations: {}, members: [], order: 10 }])
  expect([slots('ARV'), slots('BOR'), slots('EU')]).toEqual(['ink0 pat0 wt0', 'ink1 pat0 wt0', ''])
})

test('a command id is a ULID of its time', () => {
  expect(ulid(1_700_000_000_000)).toMatch(/^01HF7YAT00[0-9A-HJKMNP-TV-Z]{16}$/)
  expect(ulid()).not.toBe(ulid())
})
