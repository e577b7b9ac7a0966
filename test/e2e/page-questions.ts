import type { Page } from 'playwright-core'

/** A question asked inside a page, as source text: the tests' compiler has no DOM types, and giving it some would hide slips elsewhere. */
export interface Question<Answer> {
  readonly source: string
  /** Never set: carries the type of the answer. */
  readonly answer?: Answer
}

export function ask<Answer>(page: Page, question: Question<Answer>): Promise<Answer> {
  return page.evaluate<Answer>(question.source)
}

/** What a reader sees; what is folded or hidden is left out. */
export const SHOWN_TEXT: Question<string> = { source: 'document.body.innerText' }

export const OPEN_DETAILS: Question<void> = {
  source: "document.querySelectorAll('details').forEach(part => { part.open = true })",
}

/** Pixels by which the page is wider than the window. */
export const SIDEWAYS: Question<number> = { source: 'document.documentElement.scrollWidth - innerWidth' }

export const BEFORE_PRINT: Question<boolean> = { source: "dispatchEvent(new Event('beforeprint'))" }

/** Links into the page whose aim is missing, and ids that stand twice. */
export const LINKS: Question<{ missing: string[]; repeated: string[] }> = {
  source: `(() => {
    const ids = [...document.querySelectorAll('[id]')].map(one => one.id)
    const aims = [...document.querySelectorAll('a[href^="#"]')].map(one => one.getAttribute('href').slice(1))
    return { missing: aims.filter(id => !ids.includes(id)), repeated: ids.filter((id, i) => ids.indexOf(id) !== i) }
  })()`,
}

/** Elements, attributes and addresses that no report of ours makes. */
export const FOREIGN_PARTS: Question<{
  elements: number
  handlers: number
  addresses: number
  scripts: string[]
  ids: string[]
}> = {
  source: `(() => {
    const all = [...document.querySelectorAll('*')]
    return {
      elements: document.querySelectorAll('img,template,iframe,object,embed,base,form,input:not(#filter),textarea,b').length,
      handlers: all.filter(one => [...one.attributes].some(({ name }) => name.startsWith('on'))).length,
      addresses: [...document.querySelectorAll('[href],[src],[action]')].filter(one => !(one.getAttribute('href') ?? '').startsWith('#')).length,
      scripts: [...document.querySelectorAll('script')].map(one => one.type),
      ids: all.map(one => one.id).filter(id => id.includes('hit')),
    }
  })()`,
}

/** axe's findings as `impact rule: where`; axe must have been put into the page. */
export const BARRIERS: Question<string[]> = {
  source: `axe.run().then(({ violations }) => violations.map(({ id, impact, nodes }) =>
    impact + ' ' + id + ': ' + nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(' | ')))`,
}

/** What an XML parser makes of the text. */
export function xmlFacts(xml: string): Question<{ broken: string | null; cases: number; pairs: number; failures: number }> {
  return {
    source: `(() => {
      const parsed = new DOMParser().parseFromString(${JSON.stringify(xml)}, 'application/xml')
      const cases = [...parsed.querySelectorAll('testcase')]
      return {
        broken: parsed.querySelector('parsererror')?.textContent ?? null,
        cases: cases.length,
        pairs: new Set(cases.map(one => one.getAttribute('classname') + ' ' + one.getAttribute('name'))).size,
        failures: parsed.querySelectorAll('failure').length,
      }
    })()`,
  }
}
