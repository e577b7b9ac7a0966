import { expect, it } from 'vitest'
import { attributionOf } from '../../../src/judge/attribution.ts'
import { carrierOf, loadOf, totalOf } from './evidence-builder.ts'

it('splits a login into the carrier’s, the backend’s and the connection’s time, and counts tries again', () => {
  const load = loadOf({
    totals: [
      totalOf('oneTap', 'granted', 2000),
      totalOf('backend_added', 'granted', 2000, 2, 12),
      totalOf('connect', 'granted', 40, 3, 3),
    ],
  })
  const traffic = { calls: 2200, repeated: 200, connections: 30, abandoned: 7 }
  const found = attributionOf(
    load,
    carrierOf({ traffic: { 'china-mobile': traffic, 'china-unicom': { ...traffic, abandoned: 1 } } }),
  )
  expect(found.login.count).toBe(2000)
  expect(found.backendAdded.p50Ms).toBeCloseTo(7, 0)
  expect(found.connect).toMatchObject({ count: 40, p50Ms: expect.closeTo(3, 1) })
  expect(found.callsPerToken).toBeCloseTo(1.1)
  expect(found.traffic).toEqual({ calls: 4400, repeated: 400, connections: 60, abandoned: 8 })
})

it('has no figure where nothing was measured', () => {
  const found = attributionOf(loadOf({ totals: [] }), null)
  expect(found.login).toEqual({ count: 0, p50Ms: null, p99Ms: null })
  expect(found.callsPerToken).toBeNull()
})
