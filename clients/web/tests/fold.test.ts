import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { EventView, Snapshot } from '../src/generated/protocol'
import { fold } from '../src/lib/fold'

interface Case {
  name: string
  snapshot: Snapshot
  events: { cursor: string; event: EventView }[]
  after: Snapshot
}

const FIXTURES = new URL('./fixtures/', import.meta.url)
const cases = readdirSync(FIXTURES)
  .filter((file) => file.startsWith('fold-'))
  .flatMap((file) => JSON.parse(readFileSync(new URL(file, FIXTURES), 'utf8')) as Case[])

test.each(cases)('the feed ends where a fresh snapshot would: $name', ({ snapshot, events, after }) => {
  const before = structuredClone(snapshot)
  expect(events.reduce((s, { event, cursor }) => fold(s, event, cursor), snapshot)).toEqual(after)
  expect(snapshot).toEqual(before)
})
