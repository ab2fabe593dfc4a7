/** The service said no: `code` is stable, `message` a sentence for the reader (in the service's language). */
export class Problem extends Error {
  constructor(
    readonly code: string,
    detail: string,
    readonly status: number,
  ) {
    super(detail)
  }
}

const ROOT = '/api/v1/'

/** The path of something under a document. */
export function documentPath(document: string, rest = ''): string {
  return `documents/${encodeURIComponent(document)}${rest}`
}

/** The address of an export, for a link. */
export function exportAddress(document: string, query: Record<string, string>): string {
  return `${ROOT}${documentPath(document, '/export')}?${new URLSearchParams(query)}`
}

async function answer<T>(response: Response): Promise<T> {
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T
  const said = (await response.json().catch(() => ({}))) as { code?: unknown; detail?: unknown }
  const code = typeof said.code === 'string' ? said.code : 'internal'
  throw new Problem(code, typeof said.detail === 'string' ? said.detail : response.statusText, response.status)
}

/** Reads; throws a Problem when refused, and what fetch throws when the line is down. */
export async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  const request: RequestInit = { headers: { accept: 'application/json' } }
  if (signal) request.signal = signal
  return answer<T>(await fetch(ROOT + path, request))
}

/** Sends JSON. */
export async function send<T>(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const request: RequestInit = { method, headers: { 'content-type': 'application/json', accept: 'application/json' } }
  if (body !== undefined) request.body = JSON.stringify(body)
  return answer<T>(await fetch(ROOT + path, request))
}

/** Reads a paged list to its end. */
export async function readAll<T>(path: string): Promise<T[]> {
  const all: T[] = []
  let after: string | null = null
  do {
    const glue = path.includes('?') ? '&' : '?'
    const page: { items: T[]; next: string | null } = await read(after ? `${path}${glue}after=${encodeURIComponent(after)}` : path)
    all.push(...page.items)
    after = page.next
  } while (after)
  return all
}
