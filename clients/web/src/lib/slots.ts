import type { DelegationView } from '../generated/protocol'

/** What a delegation looks like everywhere: three classes of slots.css (ink, pattern, weight). */
export type Slots = (code: string) => string

const INKS = 6
const PATTERNS = 5
const SLOTS = 60

/** The classes of a slot; past the sixtieth they begin again, and the printed code alone tells the two apart. */
export function slotClasses(slot: number): string {
  const i = slot % SLOTS
  return `ink${i % INKS} pat${Math.floor(i / INKS) % PATTERNS} wt${Math.floor(i / (INKS * PATTERNS))}`
}

/** Gives each delegation the slot of its place in the protocol order; strangers (say, a bloc unknown here) get none. */
export function slotsOf(delegations: readonly DelegationView[]): Slots {
  const inOrder = [...delegations].sort((a, b) => a.order - b.order || (a.code < b.code ? -1 : 1))
  const classes = new Map(inOrder.map((d, place) => [d.code, slotClasses(place)]))
  return (code) => classes.get(code) ?? ''
}
