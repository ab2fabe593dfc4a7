/** What a comparison says of one section, for the eye. */
import type { ChangeView } from '../generated/protocol'

export type Span = ChangeView['spans'][number]

/** How many places of the section changed: neighbouring deletions and insertions are one. */
export function changeCount(change: ChangeView): number {
  const inside = change.spans.filter(([kind], n) => kind !== 'keep' && (change.spans[n - 1]?.[0] ?? 'keep') === 'keep').length
  return inside || (change.kinds.length > 0 ? 1 : 0)
}

/** The spans that one side shows: the old text without what came, the new one without what went. */
export function side(change: ChangeView, which: 'old' | 'new'): Span[] {
  const other = which === 'old' ? 'insert' : 'delete'
  return change.spans.filter(([kind]) => kind !== other)
}
