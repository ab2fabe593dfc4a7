import { beforeAll, expect, test, vi } from 'vitest'
import type { Route } from '../src/lib/route.svelte'

let parseRoute: (hash: string) => Route
let href: (route: Route) => string

beforeAll(async () => {
  vi.stubGlobal('location', { hash: '' })
  vi.stubGlobal('addEventListener', () => undefined)
  ;({ parseRoute, href } = await import('../src/lib/route.svelte'))
})

test.each<[string, Route]>([
  ['#/', { at: 'documents' }],
  ['#sign-in=A%2FB', { at: 'sign-in', code: 'A/B' }],
  ['#/d/do_1', { at: 'room', document: 'do_1', version: null, section: null }],
  ['#/d/do_1/p/se_1', { at: 'room', document: 'do_1', version: null, section: 'se_1' }],
  ['#/d/do_1/v/ve_1', { at: 'room', document: 'do_1', version: 've_1', section: null }],
  ['#/d/do_1/v/ve_1/p/se_1', { at: 'room', document: 'do_1', version: 've_1', section: 'se_1' }],
  ['#/d/do_1/compare', { at: 'compare', document: 'do_1', from: null, to: null }],
  ['#/d/do_1/compare/ve_1/ve_2', { at: 'compare', document: 'do_1', from: 've_1', to: 've_2' }],
])('%s leads where it says, and back', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route)
  expect(href(route)).toBe(hash)
})

test('an address that nobody wrote leads to the documents', () => {
  expect(parseRoute('')).toEqual({ at: 'documents' })
  expect(parseRoute('#%E0%A4%A')).toEqual({ at: 'documents' })
})
