/**
 * The shape of a working draft inside its Yjs document, as `drafting/crdt/shape.py` has it: two maps at the root,
 * `outline` (section -> a map of rank, level, kind, removed) and `sections` (section -> a plain text). Neither the
 * entries nor the texts are ever deleted or replaced: only the keys are set, the texts edited.
 */
import * as Y from 'yjs'
import type { SectionKind } from '../../generated/protocol'
import { ulid } from '../ulid'
import { between } from './ranks'

/** What stands in the outline about a section. */
export interface Entry {
  rank: string
  level: number
  kind: SectionKind
  removed: boolean
}

/** A section's entry, and whose it is. */
export interface Placed extends Entry {
  section: string
}

/** A section as it stands in the draft. */
export interface Line extends Placed {
  text: string
}

/** What a new section is, and after which one it stands; `null` is the beginning. */
export interface Wanted {
  after: string | null
  kind: SectionKind
  level: number
  text?: string
}

export const outlineOf = (doc: Y.Doc): Y.Map<Y.Map<Entry[keyof Entry]>> => doc.getMap('outline')
export const sectionsOf = (doc: Y.Doc): Y.Map<Y.Text> => doc.getMap('sections')

/** Gives the text of a section; throws for one that is not there. */
export function textOf(doc: Y.Doc, section: string): Y.Text {
  const text = sectionsOf(doc).get(section)
  if (!text) throw new RangeError(`there is no section ${section}`)
  return text
}

/** Gives all sections in order, those that were removed among them. */
export function linesOf(doc: Y.Doc): Line[] {
  return placedIn(doc).map((placed) => ({ ...placed, text: sectionsOf(doc).get(placed.section)?.toString() ?? '' }))
}

/** Gives the outline in order, without the texts. */
export function placedIn(doc: Y.Doc): Placed[] {
  const all = [...outlineOf(doc)].map(([section, entry]) => ({ section, ...entryOf(entry) }))
  return all.sort((a, b) => order(a.rank, b.rank) || order(a.section, b.section))
}

/** Puts a new section in the draft, under an id minted here; gives the id. */
export function add(doc: Y.Doc, wanted: Wanted): string {
  const section = `se_${ulid()}`
  const rank = rankAfter(doc, wanted.after, section)
  put(doc, section, { rank, level: wanted.level, kind: wanted.kind, removed: false }, wanted.text ?? '')
  return section
}

/** Puts a section with what it says in the draft. */
export function put(doc: Y.Doc, section: string, entry: Entry, text: string): void {
  outlineOf(doc).set(section, new Y.Map<Entry[keyof Entry]>(Object.entries(entry)))
  sectionsOf(doc).set(section, new Y.Text(text))
}

/** Moves a section behind another one; `null` is the beginning. */
export function move(doc: Y.Doc, section: string, after: string | null): void {
  set(doc, section, { rank: rankAfter(doc, after, section) })
}

/** Sets what is said of a section in the outline; only what differs is written. */
export function set(doc: Y.Doc, section: string, fields: Partial<Entry>): void {
  const entry = outlineOf(doc).get(section)
  if (!entry) throw new RangeError(`there is no section ${section}`)
  for (const [key, value] of Object.entries(fields)) if (entry.get(key) !== value) entry.set(key, value)
}

/** Gives a rank behind a section for `moving`. Those behind it that were given its very rank make room. */
function rankAfter(doc: Y.Doc, after: string | null, moving: string): string {
  const lines = placedIn(doc).filter((line) => line.section !== moving)
  const at = after === null ? -1 : lines.findIndex((line) => line.section === after)
  if (at < 0 && after !== null) throw new RangeError(`there is no section ${after}`)
  const low = lines[at]?.rank ?? null
  const behind = lines.slice(at + 1)
  const free = behind.findIndex((line) => line.rank !== low)
  const high = behind[free]?.rank ?? null
  const rank = between(low, high)
  let last = rank
  for (const line of behind.slice(0, free < 0 ? behind.length : free)) {
    last = between(last, high)
    set(doc, line.section, { rank: last })
  }
  return rank
}

/** Reads an entry. */
export function entryOf(entry: Y.Map<Entry[keyof Entry]>): Entry {
  return {
    rank: entry.get('rank') as string,
    level: entry.get('level') as number,
    kind: entry.get('kind') as SectionKind,
    removed: entry.get('removed') as boolean,
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
