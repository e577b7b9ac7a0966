import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Attack, AttackMeta } from '../../../src/contract/attack.ts'
import { sideBySide } from '../../../src/run/side-by-side.ts'

function attack(id: string, more: Partial<AttackMeta> = {}): Attack {
  const meta = { id, family: 'replay', title: id, about: '', severity: 'low', cwe: [], asvs: [], api2023: [] } as const
  return {
    meta: { ...meta, has: '', needs: [], notices: [], ...more },
    observe: async () => null,
    judge: () => ({ outcome: 'pass', claim: '' }),
  }
}

describe('attacks side by side', () => {
  it('run as many at once as allowed, and each once', async () => {
    let running = 0
    let most = 0
    const ran: string[] = []
    await sideBySide(
      ['a', 'b', 'c', 'd', 'e'].map(id => attack(id)),
      3,
      async ({ meta }) => {
        most = Math.max(most, ++running)
        await sleep(5)
        running--
        ran.push(meta.id)
      },
    )
    expect(most).toBe(3)
    expect(ran.sort()).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('leave the world to those that need it for themselves, and come first', async () => {
    let running = 0
    const seen: [string, boolean, number][] = []
    const all = [
      attack('race', { alone: true }),
      attack('a'),
      attack('lenient', { behaviour: { singleUse: 'lenient' } }),
      attack('b'),
    ]
    await sideBySide(all, 4, async ({ meta }, shared) => {
      seen.push([meta.id, shared, ++running])
      await sleep(5)
      running--
    })
    expect(seen).toEqual([
      ['a', true, 1],
      ['b', true, 2],
      ['race', false, 1],
      ['lenient', false, 1],
    ])
  })

  it('are not told to share when there is one only', async () => {
    const told: boolean[] = []
    await sideBySide([attack('a')], 4, async (_, shared) => void told.push(shared))
    expect(told).toEqual([false])
  })

  it('start no more when told to stop', async () => {
    const ran: string[] = []
    const all = ['a', 'b', 'c'].map(id => attack(id))
    await sideBySide(
      all,
      1,
      async ({ meta }) => void ran.push(meta.id),
      () => ran.length > 0,
    )
    expect(ran).toEqual(['a'])
  })

  it('hand on an error, but not before all have ended', async () => {
    const ended: string[] = []
    const all = ['bad', 'slow'].map(id => attack(id))
    const work = sideBySide(all, 2, async ({ meta }) => {
      if (meta.id === 'bad') throw new RangeError('a bug of ours')
      await sleep(10)
      ended.push(meta.id)
    })
    await expect(work).rejects.toThrow('a bug of ours')
    expect(ended).toEqual(['slow'])
  })
})
