/** The outline of a text: where its parts begin, and how much is proposed in each. */
import type { AmendmentView, SectionView } from '../generated/protocol'
import { marks } from './runs'

export interface Part {
  /** The section it begins with. */
  section: string
  /** Empty for a part without a heading of its own; then `unnamed` says what it is. */
  name: string
  unnamed: 'opening' | 'preamble' | 'text' | null
  level: number
  amendments: number
}

const OPENERS = new Set<SectionView['kind']>(['heading', 'article', 'annex'])

export function outline(sections: readonly SectionView[], amendments: readonly AmendmentView[]): Part[] {
  const parts: Part[] = []
  const members = new Map<string, Part>()
  let preambular = false
  for (const section of sections) {
    if (section.kind === 'title') continue
    const last = parts.at(-1)
    const turns = preambular && section.kind === 'operative' && last?.unnamed === 'preamble'
    if (!last || OPENERS.has(section.kind) || turns) parts.push(part(section))
    preambular = section.kind === 'preambular' || section.kind === 'chapeau'
    const into = parts.at(-1)
    if (into) members.set(section.id, into)
    if (into?.unnamed && section.kind === 'preambular') into.unnamed = 'preamble'
  }
  for (const amendment of amendments) {
    for (const into of new Set(amendment.touches.map((id) => members.get(id)))) if (into) into.amendments += 1
  }
  return parts
}

function part(section: SectionView): Part {
  const opens = OPENERS.has(section.kind)
  const start = section.kind === 'chapeau' ? 'opening' : 'text'
  return {
    section: section.id,
    name: opens ? [section.label, plain(section.text)].filter(Boolean).join(' ') : '',
    unnamed: opens ? null : start,
    level: opens ? section.level : 0,
    amendments: 0,
  }
}

/** The words without their emphasis. */
export function plain(text: string): string {
  return marks(text).map((m) => m.text).join('')
}
