/** Text as the screen draws it: runs of one look each. What people typed stays plain text throughout. */
import type { CommentView, CompiledSectionView, SectionView } from '../generated/protocol'

/** Literal brackets are marked (text not agreed), light emphasis is drawn. */
export interface Mark {
  text: string
  look: 'plain' | 'bracket' | 'em' | 'strong'
}

const MARKS = /\*\*(?<strong>[^\s*](?:[^*]*[^\s*])?)\*\*|\*(?<em>[^\s*](?:[^*]*[^\s*])?)\*|(?<bracket>[[\]])/gu

export function marks(text: string): Mark[] {
  return cut(placed(text), 0, text.length)
}

/** A mark and where its words stand in the text that it was read from; the stars around them stand in no mark. */
interface Placed extends Mark {
  at: number
}

function placed(text: string): Placed[] {
  const out: Placed[] = []
  let from = 0
  for (const found of text.matchAll(MARKS)) {
    if (found.index > from) out.push({ text: text.slice(from, found.index), look: 'plain', at: from })
    const { strong, em, bracket } = found.groups ?? {}
    if (strong !== undefined) out.push({ text: strong, look: 'strong', at: found.index + 2 })
    else if (em !== undefined) out.push({ text: em, look: 'em', at: found.index + 1 })
    else if (bracket !== undefined) out.push({ text: bracket, look: 'bracket', at: found.index })
    from = found.index + found[0].length
  }
  if (from < text.length) out.push({ text: text.slice(from), look: 'plain', at: from })
  return out
}

function cut(all: readonly Placed[], start: number, end: number): Mark[] {
  return all.flatMap(({ text, look, at }) => {
    const part = text.slice(Math.max(0, start - at), Math.max(0, end - at))
    return part ? [{ text: part, look }] : []
  })
}

/** A run as drawn: its marks, and the blanks at its ends, which wear no line. */
export interface Drawn {
  before: string
  marks: Mark[]
  after: string
}

/**
 * Draws the runs of one section. Emphasis may begin in one run and end in another: what stands in the base is read in
 * the base, and what is inserted is read where it would stand.
 */
export function drawn(runs: readonly { kind: Run['kind']; text: string }[]): Drawn[] {
  const joined = (some: typeof runs): string => some.map((run) => run.text).join('')
  const base = placed(joined(runs.filter((run) => run.kind !== 'insert')))
  const kept = (some: typeof runs): string => joined(some.filter((run) => run.kind === 'keep'))
  let baseAt = 0
  return runs.map(({ kind, text }, n) => {
    const head = kind === 'insert' ? kept(runs.slice(0, n)) : ''
    const all = kind === 'insert' ? placed(head + text + kept(runs.slice(n + 1))) : base
    const start = kind === 'insert' ? head.length : baseAt
    if (kind !== 'insert') baseAt += text.length
    const [before, words, after] = kind === 'keep' ? ['', text, ''] : edges(text)
    return { before, after, marks: cut(all, start + before.length, start + before.length + words.length) }
  })
}

/** A stretch of a compiled section. `quoted`: somebody commented on these words. */
export interface Run {
  kind: 'keep' | 'delete' | 'insert'
  text: string
  codes: string[]
  amendments: string[]
  quoted: boolean
}

/** A run's words without the blanks at their ends: a line under a blank, or a code after it, reads as if it hung loose. */
function edges(text: string): [before: string, words: string, after: string] {
  const words = text.trim()
  if (!words) return ['', text, '']
  const start = text.indexOf(words)
  return [text.slice(0, start), words, text.slice(start + words.length)]
}

interface Range {
  start: number
  end: number
}

/** The quoted ranges in a section's text, in code points, sorted; those whose words stand elsewhere now are left out. */
export function quotedRanges(section: SectionView, version: string, comments: readonly CommentView[]): Range[] {
  const letters = [...section.text]
  return comments
    .flatMap((c) => (c.section === section.id && c.target?.version === version ? [c.target] : []))
    .filter((t) => letters.slice(t.start, t.end).join('') === t.quote)
    .map(({ start, end }) => ({ start, end }))
    .sort((a, b) => a.start - b.start)
}

/** The runs of plain text that begins at code point `at` of its section. */
export function plainRuns(text: string, at: number, quoted: readonly Range[]): Run[] {
  const letters = [...text]
  const cuts = quoted.flatMap((r) => [r.start - at, r.end - at]).filter((cut) => cut > 0 && cut < letters.length)
  const edges = [...new Set([0, ...cuts, letters.length])].sort((a, b) => a - b)
  return edges.slice(1).map((end, n) => {
    const start = edges[n] ?? 0
    const inside = quoted.some((r) => r.start <= start + at && end + at <= r.end)
    return { kind: 'keep', text: letters.slice(start, end).join(''), codes: [], amendments: [], quoted: inside }
  })
}

export function compiledRuns(compiled: CompiledSectionView, quoted: readonly Range[]): Run[] {
  const out: Run[] = []
  let at = 0
  for (const piece of compiled.pieces) {
    if (typeof piece === 'string') {
      if (piece) out.push(...plainRuns(piece, at, quoted))
      at += [...piece].length
      continue
    }
    const gone = piece.wordings.filter((w) => w.text !== piece.base)
    if (piece.base && gone.length) out.push(run('delete', piece.base, gone))
    for (const wording of gone) if (wording.text) out.push(run('insert', wording.text, [wording]))
    at = piece.end
  }
  return out
}

function run(kind: Run['kind'], text: string, held: readonly { amendments: string[]; delegations: string[] }[]): Run {
  const codes = [...new Set(held.flatMap((w) => w.delegations))]
  return { kind, text, codes, amendments: held.flatMap((w) => w.amendments), quoted: false }
}
