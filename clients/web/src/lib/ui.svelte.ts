/** The language of the page (not of the texts): chosen by the reader, kept in this browser. */
import { en, type Messages } from '../messages/en'

export const LANGUAGES = { en: 'English', ru: 'Русский', ar: 'العربية' } as const
export type Language = keyof typeof LANGUAGES

const LOADERS: Record<Language, () => Promise<Messages>> = {
  en: () => Promise.resolve(en),
  ru: () => import('../messages/ru').then((file) => file.ru),
  ar: () => import('../messages/ar').then((file) => file.ar),
}
const KEPT = 'drafting-language'

class Interface {
  language = $state<Language>('en')
  m = $state.raw<Messages>(en)
  toast = $state('')
  private toastTimer: ReturnType<typeof setTimeout> | undefined

  async begin(): Promise<void> {
    const wanted = [localStorage.getItem(KEPT), ...navigator.languages.map((l) => l.slice(0, 2))]
    const known = wanted.find((l): l is Language => l !== null && Object.hasOwn(LANGUAGES, l))
    if (known) await this.choose(known)
  }

  async choose(language: Language): Promise<void> {
    this.m = await LOADERS[language]()
    this.language = language
    localStorage.setItem(KEPT, language)
    document.documentElement.lang = language
    document.documentElement.dir = this.m.dir
  }

  /** Says something for a few seconds, aloud to screen readers. */
  say(sentence: string): void {
    clearTimeout(this.toastTimer)
    this.toast = sentence
    this.toastTimer = setTimeout(() => (this.toast = ''), 6_000)
  }
}

export const ui = new Interface()
