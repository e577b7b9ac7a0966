import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeText, html, jsonElement } from '../../../reports/html/markup.ts'

describe('markup', () => {
  it('escapes every value, in text and in quoted attributes', () => {
    const evil = `"><script>alert(1)</script>'&`
    expect(html`<p title="${evil}">${evil}</p>`.text).toBe(
      '<p title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;">&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;</p>',
    )
  })
  it('keeps markup inside markup and joins lists', () => {
    expect(html`<ul>${[1, 2].map(n => html`<li>${n}</li>`)}</ul>`.text).toBe('<ul><li>1</li><li>2</li></ul>')
  })
  it('leaves out what is absent but not zero', () => expect(html`${null}${undefined}${false}${0}${''}`.text).toBe('0'))
  it('escapes an object that only looks like markup', () => {
    const forged = { text: '<b>' } as unknown as string
    expect(html`${[String(forged)]}`.text).not.toContain('<b>')
  })
  it('shows what would not be seen', () => {
    expect(escapeText('a\u0000\u001b\u007f\u202eb\u200b\ud800')).toBe('a[U+0000][U+001B][U+007F][U+202E]b[U+200B][U+D800]')
    expect(escapeText('line\n\ttab')).toBe('line\n\ttab')
  })
  it('never lets a string out of a data element', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('</script>', '<!--', '<script', ']]>', '\u2028'))), parts => {
        const { text } = jsonElement('data', { parts })
        const body = text.slice(text.indexOf('>') + 1, text.lastIndexOf('</script>'))
        expect(body).not.toContain('<')
        expect(JSON.parse(body)).toEqual({ parts })
      }),
    )
  })
})
