/**
 * The fold: how a snapshot changes with an event. The same as drafting/protocol/fold.py, and tried on the same
 * fixtures: folding a feed ends where a fresh snapshot would. Kinds unknown here change nothing but the cursor, and so
 * do events whose payload was purged.
 */
import type { AmendmentView, CommentView, EventView, Payload, RoundView, Snapshot } from '../generated/protocol'

export function fold(snapshot: Snapshot, event: EventView, cursor: string): Snapshot {
  // A payload that was purged is empty.
  if (Object.keys(event.payload).length === 0) return { ...snapshot, cursor }
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

function change<T extends { id: string }>(items: readonly T[], id: string | null, update: Partial<T>): T[] {
  return items.map((item) => (item.id === id ? { ...item, ...update } : item))
}

/** Who saw them before sees them move: for all, they stand where they came before them. */
function atTheEnd(items: readonly AmendmentView[], fresh: readonly AmendmentView[]): AmendmentView[] {
  const ids = new Set(fresh.map((one) => one.id))
  return [...items.filter((one) => !ids.has(one.id)), ...fresh]
}

function roundState(s: Snapshot, round: string, state: RoundView['state']): Partial<Snapshot> {
  return { rounds: change(s.rounds, round, { state }) }
}

function amendment(s: Snapshot, id: string, update: Partial<AmendmentView>): Partial<Snapshot> {
  return { amendments: change(s.amendments, id, update) }
}

function thread(s: Snapshot, comment: string | null, resolved: boolean): CommentView[] {
  return change(s.comments, comment, { resolved })
}

function locked(s: Snapshot, draft: string, change: (sections: string[]) => string[]): Partial<Snapshot> {
  return { working_drafts: s.working_drafts.map((one) => (one.id === draft ? { ...one, locked: change(one.locked) } : one)) }
}

function after(s: Snapshot, e: Payload): Partial<Snapshot> {
  switch (e.kind) {
    case 'document_imported':
      return { document: e.document, versions: [e.version], sections: e.sections }
    case 'round_opened':
      return { rounds: put(s.rounds, [e.round]) }
    case 'round_closed':
      return roundState(s, e.round, 'closed')
    case 'amendment_tabled': {
      const update = { state: 'superseded', superseded_by: e.amendment.id } as const
      const others = s.amendments.map((one) => (e.supersedes.includes(one.id) ? { ...one, ...update } : one))
      return { amendments: put(others, [e.amendment]) }
    }
    case 'amendment_revised':
    case 'amendment_redrafted':
    case 'amendment_drafted':
    case 'draft_revised':
    case 'amendment_entered':
    case 'entry_corrected':
      return { amendments: put(s.amendments, [e.amendment]) }
    case 'amendments_circulated':
      return { amendments: atTheEnd(s.amendments, e.amendments) }
    case 'amendment_cleared':
    case 'text_reported_back':
      return { amendments: atTheEnd(s.amendments, [e.amendment]) }
    case 'amendment_sponsored':
    case 'amendment_left': {
      const group = s.amendments.find((one) => one.id === e.amendment)?.group
      return amendment(s, e.amendment, { sponsors: e.sponsors, delegation: group ?? e.delegation })
    }
    case 'entry_confirmed': {
      const entry = s.amendments.find((one) => one.id === e.amendment)?.entry
      return amendment(s, e.amendment, { entry: entry ? { ...entry, confirmed: true } : null })
    }
    case 'drafts_purged':
      return {
        amendments: s.amendments.filter((one) => !e.amendments.includes(one.id)),
        comments: s.comments.filter((one) => !e.comments.includes(one.id)),
        positions: s.positions.filter((one) => !e.positions.includes(one.id)),
        working_drafts: s.working_drafts.filter((one) => !e.working_drafts.includes(one.id)),
      }
    case 'amendment_admitted':
      return amendment(s, e.amendment, { late: false })
    case 'amendment_withdrawn':
    case 'draft_discarded':
      return amendment(s, e.amendment, { state: 'withdrawn' })
    case 'comment_posted':
      return { comments: put(thread(s, e.reopened, false), [e.comment]) }
    case 'comment_resolved':
      return { comments: thread(s, e.comment, true) }
    case 'comment_reopened':
      return { comments: thread(s, e.comment, false) }
    case 'position_taken':
    case 'position_cleared': {
      // One that was cleared stands, for all who see it, where it was cleared.
      const others = s.positions.filter((one) => one.id !== e.position.id)
      return { positions: [...change(others, e.replaced, { replaced_by: e.position.id }), e.position] }
    }
    case 'position_withdrawn':
      return { positions: change(s.positions, e.position, { withdrawn: true }) }
    case 'group_founded':
    case 'group_changed':
    case 'group_dissolved': {
      const groups = [...s.groups.filter((one) => one.code !== e.group.code), e.group]
      return { groups: groups.sort((one, other) => (one.code < other.code ? -1 : 1)) }
    }
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
    case 'in_session_issued':
    case 'text_proposed':
      return { versions: put(s.versions, [e.version]) }
    case 'text_taken_up':
    case 'text_renumbered':
    case 'corrigendum_issued':
    case 'version_recalled':
      return { versions: put(s.versions, [e.version]), sections: e.sections }
    case 'status_set': {
      const known = s.statuses.some((one) => one.section === e.status.section)
      const statuses = s.statuses.map((one) => (one.section === e.status.section ? e.status : one))
      return { statuses: known ? statuses : [...statuses, e.status] }
    }
    case 'working_draft_opened':
      return { working_drafts: put(s.working_drafts, [e.draft]).sort((one, other) => (one.id < other.id ? -1 : 1)) }
    case 'draft_tabled':
      return { amendments: put(s.amendments, e.amendments) }
    case 'draft_carried_over':
      return { working_drafts: s.working_drafts.map((one) => (one.id === e.draft ? { ...one, base: e.base } : one)) }
    case 'section_locked':
      return locked(s, e.draft, (sections) => [...new Set([...sections, e.section])].sort())
    case 'section_unlocked':
      return locked(s, e.draft, (sections) => sections.filter((one) => one !== e.section))
    default:
      return {}
  }
}
