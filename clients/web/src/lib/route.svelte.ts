/** Where the reader is: the address after `#`, so that every paragraph and every comparison has a link. */
export type Route =
  | { at: 'documents' }
  | { at: 'sign-in'; code: string }
  /** `version`: the base whose compilation is read; null for the newest. */
  | { at: 'room'; document: string; version: string | null; section: string | null }
  | { at: 'compare'; document: string; from: string | null; to: string | null }

export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#/, '')
  if (path.startsWith('sign-in=')) return { at: 'sign-in', code: decode(path.slice('sign-in='.length)) }
  const [, first, document, ...rest] = path.split('/').map(decode)
  if (first !== 'd' || !document) return { at: 'documents' }
  if (rest[0] === 'compare') return { at: 'compare', document, from: rest[1] || null, to: rest[2] || null }
  return { at: 'room', document, version: after(rest, 'v'), section: after(rest, 'p') }
}

function after(parts: string[], mark: string): string | null {
  const at = parts.indexOf(mark)
  return at < 0 ? null : parts[at + 1] || null
}

export function href(route: Route): string {
  switch (route.at) {
    case 'documents':
      return '#/'
    case 'sign-in':
      return `#sign-in=${encodeURIComponent(route.code)}`
    case 'room':
      return `#/d/${route.document}${route.version ? `/v/${route.version}` : ''}${route.section ? `/p/${route.section}` : ''}`
    case 'compare':
      return `#/d/${route.document}/compare${route.from && route.to ? `/${route.from}/${route.to}` : ''}`
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

class Place {
  route = $state.raw<Route>(parseRoute(location.hash))

  constructor() {
    addEventListener('hashchange', () => (this.route = parseRoute(location.hash)))
  }

  /** Goes somewhere; `quietly` leaves no trace in the history (for steps within a text). */
  go(route: Route, quietly = false): void {
    if (quietly) history.replaceState(null, '', href(route))
    else history.pushState(null, '', href(route))
    this.route = route
  }
}

export const place = new Place()
