/** How things are called on the screen. */
import type { SectionView } from '../generated/protocol'
import type { Messages } from '../messages/en'
import { plain } from './outline'

/** A section as people say it: "OP12bis"; a heading by its words; else by its kind. */
export function sectionName(section: SectionView | undefined, m: Messages): string {
  if (!section) return ''
  if (section.label) return section.label
  return section.kind === 'heading' || section.kind === 'annex' ? short(plain(section.text)) : m.kinds[section.kind]
}

function short(text: string): string {
  const letters = [...text]
  return letters.length > 60 ? `${letters.slice(0, 59).join('')}…` : text
}

/** The delegation of a capacity: "ARV" of "head:ARV". */
export function codeOf(capacity: string): string | null {
  return capacity.split(':')[1] ?? null
}
