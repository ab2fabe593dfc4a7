/** What amendments mean for the reader of a text: which touch a section, and what they change in it. */
import type { AmendmentView, CompiledSectionView, RevisionView } from '../generated/protocol'

export type Edit = RevisionView['edits'][number]
export type Verb = 'replace' | 'add' | 'delete' | 'move' | 'merge' | 'split' | 'term'

/** One change as shown on a card: words that go and words that come. */
export interface Hunk {
  gone: string
  fresh: string
}

export function current(amendment: AmendmentView): RevisionView {
  const last = amendment.revisions.at(-1)
  if (!last) throw new Error(`${amendment.label} has no revision`)
  return last
}

/** The sections that an edit names; a term throughout names none. */
export function sectionsOf(edit: Edit): string[] {
  switch (edit.op) {
    case 'merge':
      return edit.sections
    case 'split':
      return [edit.section, ...(edit.sections ?? [])]
    case 'term':
      return []
    default:
      return edit.section ? [edit.section] : []
  }
}

export function editsOn(amendment: AmendmentView, section: string): Edit[] {
  const said = (edit: Edit): boolean =>
    edit.op === 'term' ? amendment.touches.includes(section) : sectionsOf(edit).includes(section)
  return current(amendment).edits.filter(said)
}

export function touches(amendment: AmendmentView, section: string): boolean {
  return amendment.touches.includes(section) || editsOn(amendment, section).length > 0
}

/** What a base section is to read; null where its words are not touched, or it is a new one. */
function reading(edit: Edit | undefined, section: string): string | null {
  switch (edit?.op) {
    case 'replace':
      return edit.text
    case 'merge':
      return edit.sections[0] === section ? edit.text : ''
    case 'split':
      return edit.section === section ? (edit.texts[0] ?? null) : null
    default:
      return null
  }
}

/**
 * The changes that an amendment makes in a section's words: word for word as the service compared them; or, where
 * the compilation leaves it out (say, a late one), from the first differing word to the last.
 */
export function hunks(compiled: CompiledSectionView | undefined, label: string, edit: Edit | undefined): Hunk[] {
  const text = compiled && reading(edit, compiled.section.id)
  const term = edit?.op === 'term' ? edit : undefined
  if (!compiled || (!term && (text === null || text === undefined))) return []
  const found = compiled.pieces.flatMap((piece) => {
    const wording = typeof piece === 'string' ? undefined : piece.wordings.find((w) => w.amendments.includes(label))
    return wording && typeof piece !== 'string' ? [trimmed(piece.base, wording.text)] : []
  })
  if (found.length) return found
  const other = compiled.alternatives.find((a) => a.amendments.includes(label))
  if (other) return [{ gone: compiled.section.text, fresh: other.text }]
  return [term ? { gone: term.old, fresh: term.new } : trimmed(compiled.section.text, text ?? '')]
}

/** A passage may be wider than one delegation's change, since others differ around it: leave out what both share. */
function trimmed(base: string, text: string): Hunk {
  const old = words(base)
  const fresh = words(text)
  let head = 0
  while (head < Math.min(old.length, fresh.length) && old[head] === fresh[head]) head += 1
  let tail = 0
  while (tail < Math.min(old.length, fresh.length) - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1
  const left = (): Hunk => ({
    gone: old.slice(head, old.length - tail).join(''),
    fresh: fresh.slice(head, fresh.length - tail).join(''),
  })
  // Half of an emphasis would print its asterisk: give back as much as makes it whole.
  while (head > 0 && !whole(left())) head -= 1
  while (tail > 0 && !whole(left())) tail -= 1
  return left()
}

function whole(hunk: Hunk): boolean {
  return [hunk.gone, hunk.fresh].every((text) => text.split('*').length % 2 === 1)
}

function words(text: string): string[] {
  return text.match(/\s+|[\p{L}\p{M}\p{N}]+|./gsu) ?? []
}

/** The one word for what an amendment does to a section, as delegates say it. */
export function verb(edits: readonly Edit[], changes: readonly Hunk[]): Verb {
  const op = edits[0]?.op ?? 'replace'
  if (op !== 'replace' || changes.length === 0) return op
  if (changes.every((h) => h.gone === '')) return 'add'
  if (changes.every((h) => h.fresh === '')) return 'delete'
  return 'replace'
}
