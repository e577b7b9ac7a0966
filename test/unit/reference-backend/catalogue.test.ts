import { expect, it } from 'vitest'
import { catalogue } from '../../../reference-backend/controls/catalogue.ts'
import { controls } from '../../../reference-backend/controls/index.ts'

const flaws = Object.entries(controls).flatMap(([id, control]) => Object.keys(control.flaws).map(flaw => `${id}=${flaw}`))

it('lists every switch once, in order', () => {
  expect(catalogue.map(entry => entry.id)).toEqual(Array.from({ length: 98 }, (_, i) => `V${String(i + 1).padStart(2, '0')}`))
  expect(new Set(catalogue.map(entry => entry.switch)).size).toBe(98)
})

it('names flaws that exist, each once, and every flaw that exists', () => {
  const named = catalogue.flatMap(entry => (typeof entry.built === 'string' ? [entry.built] : []))
  expect(named.sort()).toEqual(flaws.sort())
})

it('says in a sentence why a switch is not built', () => {
  for (const entry of catalogue) if (typeof entry.built !== 'string') expect(entry.built.not).toMatch(/^[A-Z].{20,}\.$/)
})
