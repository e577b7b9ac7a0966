import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/injection/in-header-log.ts'
import { expectFail } from './observed.ts'

const written = { ending: 'line feed', exchange: 3, status: 200, granted: true, asLine: false, asHeader: false }

describe('in-header-log', () => {
  it.each([{ asLine: true }, { asHeader: true }])('fails when the field began a line: %j', more => {
    expectFail(attack.judge({ lines: 9, written: [written, { ...written, ...more }] }), 'side-effect')
  })

  it.each([written, { ...written, status: 400, granted: false }])(
    'passes when none did, whether it was taken or refused',
    one => {
      expect(attack.judge({ lines: 9, written: [one] }).outcome).toBe('pass')
    },
  )

  it.each([0, 500, 503])('is inconclusive when a login got status %d', status => {
    expect(attack.judge({ lines: 9, written: [{ ...written, status, granted: false }] }).outcome).toBe('inconclusive')
  })
})
