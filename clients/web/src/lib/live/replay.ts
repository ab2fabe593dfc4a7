/**
 * What somebody typed that the service does not have, after it refused some of it: found by letting Yjs merge their
 * document into a copy of the service's, and done again on a fresh one, section by section. So what others wrote in the
 * meantime stays, and so does the place of each word.
 */
import * as Y from 'yjs'
import { type Entry, entryOf, outlineOf, put, sectionsOf, set, textOf } from './shape'

type Delta = Y.YTextEvent['delta']

/** What somebody changed in one section. `text` is how it would read with that. */
export interface Unsaved {
  section: string
  text: string
  /** The edits of the text as the service has it; none for a section that is new. */
  edits: Delta
  /** What was set in the outline: all of it for a section that is new. */
  entry: Partial<Entry>
  added: boolean
}

/** Gives what is in `mine` and not yet in `theirs`, by section. Neither is changed. */
export function unsaved(mine: Y.Doc, theirs: Y.Doc): Unsaved[] {
  const merged = new Y.Doc()
  Y.applyUpdate(merged, Y.encodeStateAsUpdate(theirs))
  const found = new Map<string, Unsaved>()
  const of = (section: string): Unsaved => {
    const known = found.get(section) ?? { section, text: '', edits: [], entry: {}, added: false }
    found.set(section, known)
    return known
  }
  outlineOf(merged).observeDeep((events) => events.forEach((event) => noteEntry(event, merged, of)))
  sectionsOf(merged).observeDeep((events) => events.forEach((event) => noteText(event, of)))
  Y.applyUpdate(merged, Y.encodeStateAsUpdate(mine, Y.encodeStateVector(theirs)))
  for (const change of found.values()) change.text = sectionsOf(merged).get(change.section)?.toString() ?? ''
  merged.destroy()
  return [...found.values()]
}

/** Does the changes again. The document must be as the service's was when they were found. */
export function replay(doc: Y.Doc, changes: Unsaved[]): void {
  for (const { section, text, edits, entry, added } of changes) {
    if (added) put(doc, section, entry as Entry, text)
    else {
      set(doc, section, entry)
      if (edits.length) textOf(doc, section).applyDelta(edits, { sanitize: false })
    }
  }
}

function noteEntry(event: Y.YEvent<Y.AbstractType<unknown>>, doc: Y.Doc, of: (section: string) => Unsaved): void {
  const inside = event.path.at(0)
  for (const key of event.keys.keys()) {
    const section = String(inside ?? key)
    const entry = outlineOf(doc).get(section)
    if (!entry) continue
    const all = entryOf(entry)
    if (inside === undefined) Object.assign(of(section), { added: true, entry: all })
    else Object.assign(of(section).entry, { [key]: all[key as keyof Entry] })
  }
}

function noteText(event: Y.YEvent<Y.AbstractType<unknown>>, of: (section: string) => Unsaved): void {
  const section = event.path.at(0)
  if (section !== undefined) of(String(section)).edits = event.delta as Delta
}
