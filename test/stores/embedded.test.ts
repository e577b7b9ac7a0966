import { expect, it } from 'vitest'
import { EmbeddedEphemeralStore } from '../../reference-backend/stores/ephemeral.embedded.ts'

it('forgets ended values by itself, and keeps what was put again for longer', async () => {
  const clock = { nowMs: 1_000_000 }
  const store = new EmbeddedEphemeralStore(() => clock.nowMs)
  for (let i = 0; i < 100; i++) await store.put(`short:${i}`, 'x', 1500)
  await store.put('renewed', 'x', 1500)
  await store.put('renewed', 'y', 60_000)
  clock.nowMs += 1400
  store.sweep()
  expect(store.size).toBe(101)
  clock.nowMs += 2000
  store.sweep()
  expect(store.size).toBe(1)
  expect(await store.get('renewed')).toBe('y')
  clock.nowMs += 60_000
  store.sweep()
  expect(store.size).toBe(0)
  await store.close()
})
