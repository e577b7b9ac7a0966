import { expect, it } from 'vitest'
import { k6Environment, segmentArguments } from '../../../src/engines/k6-process.ts'

it('k6 gets our environment without what would configure it behind our back', () => {
  const env = k6Environment(
    { HOME: 'somewhere', K6_VUS: '1000', K6_OUT: 'json=x', K6_WEB_DASHBOARD: 'true' },
    'http://127.0.0.1:1/w',
  )
  expect(env).toMatchObject({
    HOME: 'somewhere',
    K6_PROMETHEUS_RW_SERVER_URL: 'http://127.0.0.1:1/w',
    K6_NO_USAGE_REPORT: 'true',
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
  })
  for (const name of ['K6_VUS', 'K6_OUT', 'K6_WEB_DASHBOARD']) expect(env).not.toHaveProperty(name)
})

it('segments share a load without gap or overlap', () => {
  expect([0, 1, 2].map(index => segmentArguments({ index, of: 3 }))).toEqual([
    ['--execution-segment=0:1/3', '--execution-segment-sequence=0,1/3,2/3,1'],
    ['--execution-segment=1/3:2/3', '--execution-segment-sequence=0,1/3,2/3,1'],
    ['--execution-segment=2/3:1', '--execution-segment-sequence=0,1/3,2/3,1'],
  ])
})
