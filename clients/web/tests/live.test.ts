import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import * as awarenessProtocol from 'y-protocols/awareness'
import * as Y from 'yjs'
import { type Draft, type Kept, type Present, type Standing, openDraft } from '../src/lib/live'
import { LiveRoom, Socket, denial } from './live-room'

interface Seen {
  draft: Draft
  standing: Standing
  standings: Standing[]
  kept: Kept[]
  people: Present[]
  changed: string[]
  renewed: number
}

let room: LiveRoom
let open: Draft[]

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', Socket)
  room = new LiveRoom('States shall act.', 'States shall report.', 'States shall pay.')
  Socket.room = room
  open = []
})
afterEach(() => {
  for (const draft of open) draft.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** The whole state of a document: what undoing would need is left out of it. */
function state(doc: Y.Doc): Uint8Array {
  const plain = new Y.Doc()
  Y.applyUpdate(plain, Y.encodeStateAsUpdate(doc))
  return Y.encodeStateAsUpdate(plain)
}

const settle = (ms = 20): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

async function sit(): Promise<Seen> {
  const seen = { standings: [] as Standing[], kept: [] as Kept[], people: [] as Present[], changed: [] as string[], renewed: 0 } as Seen
  seen.draft = openDraft('ws://room.example/live', 'wd_1', {
    standing: (standing) => {
      seen.standing = standing
      seen.standings.push(standing)
    },
    changed: (sections) => seen.changed.push(...sections),
    people: (people) => (seen.people = people),
    kept: (words) => seen.kept.push(...words),
    renewed: () => (seen.renewed += 1),
  })
  open.push(seen.draft)
  await settle()
  return seen
}

test('what one types is seen by the others, and is saved when the service says so', async () => {
  const [one, other] = [await sit(), await sit()]
  expect(one.standing).toEqual({ connection: 'live', unsaved: 0, refused: null })
  one.draft.insert('se_0', 0, 'All ')
  expect(one.standing.unsaved).toBe(1)
  await settle()
  expect(one.standing.unsaved).toBe(0)
  expect(other.draft.text('se_0')).toBe('All States shall act.')
  expect(other.changed).toContain('se_0')
  expect(room.lines[0]?.url).toBe('ws://room.example/live/wd_1?acks=1')
})

test('while the disk is slow, changes and deletions are unsaved, and shown to nobody', async () => {
  const [one, other] = [await sit(), await sit()]
  room.slow = []
  one.draft.insert('se_0', 0, 'All ')
  one.draft.delete('se_1', 0, 7)
  one.draft.delete('se_2', 0, 7)
  await settle()
  expect(one.standing.unsaved).toBe(3)
  expect(other.draft.text('se_1')).toBe('States shall report.')
  room.write()
  await settle()
  expect(one.standing.unsaved).toBe(0)
  expect(other.draft.text('se_1')).toBe('shall report.')
})

test('an acknowledgement of what was put does not save a deletion that came later', async () => {
  const one = await sit()
  one.draft.insert('se_0', 0, 'All ')
  await settle()
  room.slow = []
  one.draft.delete('se_1', 0, 7)
  await settle()
  // Somebody else's words, and with them a state vector that has all that this client ever put.
  room.type('se_0', 0, 'Now ')
  for (const line of room.lines) room.hear(line, Uint8Array.of(0, 0, 1, 0))
  await settle()
  expect(one.standing.unsaved).toBe(1)
  room.write()
  await settle()
  expect(one.standing.unsaved).toBe(0)
})

test('offline one types on; on return all of it is there once, among what others wrote', async () => {
  const one = await sit()
  room.down = true
  room.cut()
  await settle()
  expect(one.standing.connection).toBe('offline')
  for (const letter of 'All ') one.draft.insert('se_0', one.draft.text('se_0').indexOf('States'), letter)
  one.draft.delete('se_1', 0, 7)
  expect(one.standing.unsaved).toBe(5)
  room.type('se_0', 'States shall act'.length, ' now')
  room.down = false
  await settle(5_000)
  expect(one.standing).toEqual({ connection: 'live', unsaved: 0, refused: null })
  expect(room.texts()).toEqual(['All States shall act now.', 'shall report.', 'States shall pay.'])
  expect(Y.encodeStateVector(one.draft.doc)).toEqual(Y.encodeStateVector(room.doc))
})

test('an update that was written, and whose acknowledgement was lost, is not unsaved after the return', async () => {
  const one = await sit()
  room.slow = []
  one.draft.insert('se_0', 0, 'All ')
  await settle()
  const written = room.slow
  room.slow = null
  room.cut()
  for (const update of written) Y.applyUpdate(room.doc, update)
  await settle(5_000)
  expect(one.standing).toEqual({ connection: 'live', unsaved: 0, refused: null })
  expect(room.text('se_0')).toBe('All States shall act.')
})

test('a locked section refuses its own part only: its words are handed back, the rest arrives', async () => {
  const one = await sit()
  room.down = true
  room.cut()
  await settle()
  one.draft.insert('se_0', 0, 'All ')
  one.draft.insert('se_1', 'States shall report'.length, ' every year')
  one.draft.delete('se_2', 0, 7)
  room.locked.add('se_1')
  room.type('se_0', 'States shall act'.length, ' now')
  room.type('se_1', 'States'.length, ' Parties')
  room.down = false
  await settle(5_000)
  expect(room.texts()).toEqual(['All States shall act now.', 'States Parties shall report.', 'shall pay.'])
  expect(one.kept).toEqual([
    {
      section: 'se_1',
      text: 'States Parties shall report every year.',
      why: { code: 'section_locked', sentence: 'It is refused: section_locked.', sections: ['se_1'] },
    },
  ])
  expect(one.renewed).toBe(1)
  expect(one.standing.connection).toBe('live')
  expect(one.standing.unsaved).toBe(0)
  expect(state(one.draft.doc)).toEqual(state(room.doc))
  one.draft.insert('se_2', 0, 'They ')
  await settle()
  expect(room.text('se_2')).toBe('They shall pay.')
})

test('what is typed while the fresh document is fetched is not lost', async () => {
  const one = await sit()
  room.locked.add('se_1')
  one.draft.insert('se_1', 0, 'No: ')
  await settle(3)
  expect(one.standing.connection).toBe('mending')
  one.draft.insert('se_0', 0, 'All ')
  one.draft.insert('se_1', 4, 'never ')
  await settle()
  expect(room.texts()).toEqual(['All States shall act.', 'States shall report.', 'States shall pay.'])
  expect(one.kept.map(({ section, text }) => [section, text])).toEqual([['se_1', 'No: never States shall report.']])
})

test('two locked sections, of which the service names one at a time, are both handed back', async () => {
  const one = await sit()
  room.down = true
  room.cut()
  for (const section of ['se_0', 'se_1', 'se_2']) one.draft.insert(section, 0, 'All ')
  let asked = 0
  const named = ['se_2', 'se_0']
  room.refuses = () => {
    const section = named[asked++]
    return section ? denial('section_locked', { sections: [section] }) : null
  }
  room.down = false
  await settle(5_000)
  expect(one.kept.map((kept) => kept.section)).toEqual(['se_2', 'se_0'])
  expect(room.texts()).toEqual(['States shall act.', 'All States shall report.', 'States shall pay.'])
})

test('a section that was added, moved or removed is so on the fresh document too', async () => {
  const one = await sit()
  room.down = true
  room.cut()
  await settle()
  const added = one.draft.add({ after: 'se_0', kind: 'operative', level: 2, text: 'And:' })
  one.draft.insert(added, 4, ' soon.')
  one.draft.move('se_2', null)
  one.draft.remove('se_0')
  one.draft.insert('se_1', 0, 'No: ')
  room.locked.add('se_1')
  room.down = false
  await settle(5_000)
  const lines = one.draft.lines().map(({ section, level, removed, text }) => [section, level, removed, text])
  expect(lines).toEqual([
    ['se_2', 1, false, 'States shall pay.'],
    ['se_0', 1, true, 'States shall act.'],
    [added, 2, false, 'And: soon.'],
    ['se_1', 1, false, 'States shall report.'],
  ])
  expect(state(one.draft.doc)).toEqual(state(room.doc))
})

test('one who may not type gets all of it handed back, and reads on', async () => {
  const one = await sit()
  room.refuses = () => denial('not_permitted')
  one.draft.insert('se_0', 0, 'All ')
  await settle()
  expect(one.kept.map(({ section, text }) => [section, text])).toEqual([['se_0', 'All States shall act.']])
  expect(one.draft.text('se_0')).toBe('States shall act.')
  expect(one.standing.refused?.code).toBe('not_permitted')
  room.type('se_0', 0, 'Now ')
  await settle()
  expect(one.draft.text('se_0')).toBe('Now States shall act.')
  room.refuses = () => null
  one.draft.insert('se_0', 0, 'And ')
  await settle()
  expect(one.standing.refused).toBeNull()
})

test('whose update hung on others is heard once more, and gets the words back if that does not end', async () => {
  const one = await sit()
  let refusals = 2
  room.refuses = () => (refusals-- > 0 ? denial('update_missing') : null)
  one.draft.insert('se_0', 0, 'All ')
  await settle(5_000)
  expect(room.text('se_0')).toBe('All States shall act.')
  expect([one.kept, room.opened]).toEqual([[], 3])
  refusals = Infinity
  one.draft.insert('se_0', 0, 'And ')
  await settle(20_000)
  expect(one.kept.map((kept) => kept.text)).toEqual(['And All States shall act.'])
  expect([one.draft.text('se_0'), one.standing.connection, room.opened]).toEqual(['All States shall act.', 'live', 6])
})

test('where a client id is somebody else\'s, the words come back as they were', async () => {
  const one = await sit()
  room.refuses = () => denial('hand_taken')
  one.draft.insert('se_2', 0, 'All ')
  await settle()
  expect(one.kept.map(({ section, text }) => [section, text])).toEqual([['se_2', 'All States shall pay.']])
  expect(one.draft.doc.clientID).not.toBe(0)
  expect(one.draft.text('se_2')).toBe('States shall pay.')
})

test('when the service lets go of somebody, the words are there until they come again', async () => {
  const one = await sit()
  room.slow = []
  one.draft.insert('se_0', 0, 'All ')
  await settle()
  room.slow = null
  for (const line of room.lines.slice()) line.end(4401, 'not_signed_in')
  await settle()
  expect(one.standing).toEqual({
    connection: 'ended',
    unsaved: 1,
    refused: { code: 'not_signed_in', sentence: 'not_signed_in', sections: [] },
  })
  const why = { code: 'closed', sentence: '', sections: [] }
  expect(one.draft.words(why)).toEqual([{ section: 'se_0', text: 'All States shall act.', why }])
  one.draft.again()
  await settle()
  expect(one.standing).toEqual({ connection: 'live', unsaved: 0, refused: null })
  expect(room.text('se_0')).toBe('All States shall act.')
})

test('who is let in no more after a refusal has the words still, and does not ask for ever', async () => {
  const one = await sit()
  room.refuses = () => denial('not_permitted')
  room.shut = true
  one.draft.insert('se_0', 0, 'All ')
  await settle(60_000)
  expect(one.standing).toMatchObject({ connection: 'ended', unsaved: 1, refused: { code: 'not_permitted' } })
  expect(room.opened).toBeLessThan(6)
  expect(one.draft.text('se_0')).toBe('All States shall act.')
  Object.assign(room, { shut: false, refuses: () => null })
  one.draft.again()
  await settle()
  expect(one.standing).toEqual({ connection: 'live', unsaved: 0, refused: null })
  expect(room.text('se_0')).toBe('All States shall act.')
})

test('undoing takes back one\'s own, step by step, and never another\'s', async () => {
  const [one, other] = [await sit(), await sit()]
  one.draft.insert('se_0', 0, 'All ')
  await settle(600)
  one.draft.insert('se_1', 0, 'All ')
  await settle()
  other.draft.insert('se_0', 0, 'Now ')
  await settle()
  one.draft.undo()
  one.draft.undo()
  await settle()
  expect(room.texts()).toEqual(['Now States shall act.', 'States shall report.', 'States shall pay.'])
  one.draft.redo()
  await settle()
  expect(other.draft.text('se_0')).toBe('Now All States shall act.')
})

test('undoing takes back what was typed before a refusal, and done again after it, and leaves a new section whole', async () => {
  const one = await sit()
  room.locked.add('se_1')
  const added = one.draft.add({ after: null, kind: 'heading', level: 0, text: 'Aims' })
  one.draft.insert('se_0', 0, 'All ')
  await settle()
  one.draft.insert('se_1', 0, 'All ')
  one.draft.insert('se_2', 0, 'All ')
  await settle()
  expect(one.renewed).toBe(1)
  expect(room.texts()).toContain('All States shall pay.')
  for (let n = 0; n < 5; n += 1) one.draft.undo()
  await settle()
  expect(one.draft.lines()[0]).toMatchObject({ section: added, kind: 'heading', level: 0, removed: false, text: 'Aims' })
  const now = ['States shall act.', 'States shall report.', 'States shall pay.']
  expect(['se_0', 'se_1', 'se_2'].map((section) => room.text(section))).toEqual(now)
  expect(one.standing.unsaved).toBe(0)
})

test('one sees who is here, where, and who types, until they are still', async () => {
  const [one, other] = [await sit(), await sit()]
  one.draft.here('se_1')
  await settle()
  const client = one.draft.doc.clientID
  expect(other.people).toEqual([{ client, user: null, section: 'se_1', typing: false, reading: null }])
  one.draft.insert('se_0', 0, 'All ')
  await settle()
  expect(other.people).toEqual([{ client, user: null, section: 'se_0', typing: true, reading: null }])
  await settle(3_100)
  expect(other.people[0]?.typing).toBe(false)
  const chair = new awarenessProtocol.Awareness(new Y.Doc())
  chair.setLocalState({ user: { handle: 'chair' }, section: 'se_2', reading: 'se_2' })
  room.say(chair)
  await settle()
  expect(other.people.find((one) => one.client === chair.clientID)).toEqual({
    client: chair.clientID,
    user: { handle: 'chair' },
    section: 'se_2',
    typing: false,
    reading: 'se_2',
  })
  chair.destroy()
})
