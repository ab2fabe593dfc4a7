/**
 * The fold: how a snapshot changes with an event. The same as drafting/protocol/fold.py, and tried on the same
 * fixtures: folding a feed ends where a fresh snapshot would. Kinds unknown here change nothing but the cursor.
 */
import type { AmendmentView, EventView, Payload, RoundView, Snapshot } from '../generated/protocol'

export function fold(snapshot: Snapshot, event: EventView, cursor: string): Snapshot {
  // The kind stands on the event; a payload from a newer server may hold fields that we do not know.
  return { ...snapshot, ...after(snapshot, { ...event.payload, kind: event.kind } as Payload), cursor }
}

/** Puts each new item in the place of the one with its id, or at the end. */
export function put<T extends { id: string }>(items: readonly T[], fresh: readonly T[]): T[] {
  const out = [...items]
  const at = new Map(out.map((item, n) => [item.id, n]))
  for (const item of fresh) {
    const place = at.get(item.id) ?? out.length
    at.set(item.id, place)
    out[place] = item
  }
  return out
}

function change<T extends { id: string }>(items: readonly T[], id: string, update: Partial<T>): T[] {
  return items.map((item) => (item.id === id ? { ...item, ...update } : item))
}

function roundState(s: Snapshot, round: string, state: RoundView['state']): Partial<Snapshot> {
  return { rounds: change(s.rounds, round, { state }) }
}

function amendment(s: Snapshot, id: string, update: Partial<AmendmentView>): Partial<Snapshot> {
  return { amendments: change(s.amendments, id, update) }
}

function after(s: Snapshot, e: Payload): Partial<Snapshot> {
  switch (e.kind) {
    case 'document_imported':
      return { document: e.document, versions: [e.version], sections: e.sections }
    case 'round_opened':
      return { rounds: put(s.rounds, [e.round]) }
    case 'round_closed':
      return roundState(s, e.round, 'closed')
    case 'amendment_tabled':
    case 'amendment_revised':
      return { amendments: put(s.amendments, [e.amendment]) }
    case 'amendments_circulated': {
      // Who saw it held sees it move: for all, it stands where it was released.
      const released = new Set(e.amendments.map((one) => one.id))
      return { amendments: [...s.amendments.filter((one) => !released.has(one.id)), ...e.amendments] }
    }
    case 'amendment_admitted':
      return amendment(s, e.amendment, { late: false })
    case 'amendment_withdrawn':
      return amendment(s, e.amendment, { state: 'withdrawn' })
    case 'comment_posted':
      return { comments: put(s.comments, [e.comment]) }
    case 'section_decided':
      return { amendments: put(s.amendments, e.amendments), decisions: put(s.decisions, [e.decision]) }
    case 'decision_undone':
      return {
        amendments: put(s.amendments, e.amendments),
        decisions: change(s.decisions, e.decision, { undone: true }),
      }
    case 'version_issued':
      return {
        ...roundState(s, e.round, 'consolidated'),
        amendments: put(s.amendments, e.amendments),
        versions: put(s.versions, [e.version]),
        sections: e.sections,
        decisions: put(s.decisions, e.decisions),
      }
    default:
      return {}
  }
}
