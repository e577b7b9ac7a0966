import { isDeepStrictEqual } from 'node:util'
import type { Plan } from '../contract/plan.ts'
import { withoutSecrets } from '../run/run-secrets.ts'

/**
 * What differs between the plan of an earlier run, as it was written down, and one made today, of all that an attack depends on:
 * paths such as `mocks.faults`. Secrets are compared by whether there is one: the written plan holds none.
 */
export function changedSince(earlier: Plan, today: Plan): string[] {
  const written = withoutSecrets(today)
  return [
    ...differing('target', earlier.target, written.target),
    ...differing('mocks', earlier.mocks, written.mocks),
    ...differing('attack', conditions(earlier), conditions(written)),
  ]
}

function conditions({ attack }: Plan): object {
  return { latency: attack?.latency, race: attack?.race }
}

function differing(name: string, a: object, b: object): string[] {
  const [left, right] = [a, b] as Record<string, unknown>[]
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].filter(key => !isDeepStrictEqual(left?.[key], right?.[key])).map(key => `${name}.${key}`)
}
