import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EXIT, EXIT_MEANINGS, exitCodeOfError, strongestExitCode } from '../../../src/contract/exit-code.ts'

describe('when several exit codes hold', () => {
  // 1, 99, 3, 4, 0 as documented; a bug of ours and a refused start stand before what they made impossible.
  const order = [1, 99, 70, 2, 3, 4, 0]

  it('the first of 1, 99, 70, 2, 3, 4, 0 wins, in whatever order they came', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...order), { minLength: 1, maxLength: 8 }), codes => {
        expect(strongestExitCode(codes)).toBe(order.find(code => codes.includes(code)))
      }),
      { numRuns: 1_000 },
    )
  })

  it('nothing at all is inconclusive, not success', () => {
    expect(strongestExitCode([])).toBe(EXIT.inconclusive)
  })

  it('success never hides another code', () => {
    for (const code of Object.values(EXIT)) {
      expect(strongestExitCode([EXIT.ok, code])).toBe(code)
      expect(strongestExitCode([code, EXIT.ok])).toBe(code)
    }
  })
})

describe('the table of exit codes', () => {
  it('gives each code one meaning', () => {
    expect(EXIT_MEANINGS.map(([code]) => code)).toEqual(Object.values(EXIT).sort((a, b) => a - b))
  })

  it('is what pipelines were told', () => {
    expect(EXIT).toEqual({
      ok: 0,
      attackSucceeded: 1,
      usage: 2,
      environment: 3,
      inconclusive: 4,
      bug: 70,
      budgetCrossed: 99,
      interrupted: 130,
      terminated: 143,
    })
  })
})

describe('an error that ends the run', () => {
  it.each([
    ['USAGE', 2],
    ['CONFIG', 2],
    ['NOT_ALLOWED', 2],
    ['PORT_IN_USE', 3],
    ['ENGINE_MISSING', 3],
    ['ENGINE_FAILED', 3],
    ['TARGET_UNREACHABLE', 3],
    ['TARGET_DIED', 3],
    ['TARGET_FOREIGN', 3],
    ['MOCKS_FAILED', 3],
    ['DISK', 3],
    ['EVIDENCE', 3],
    ['INTERRUPTED', 130],
    ['INTERNAL', 70],
  ] as const)('%s exits with %i', (error, code) => {
    expect(exitCodeOfError(error)).toBe(code)
  })

  it('of a kind nobody thought of is thrown back, not turned into a code', () => {
    expect(() => exitCodeOfError('NEW' as never)).toThrow('unhandled case: "NEW"')
  })
})
