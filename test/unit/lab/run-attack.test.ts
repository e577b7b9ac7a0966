import { describe, expect, it } from 'vitest'
import type { Attack } from '../../../src/contract/attack.ts'
import { HarnessError } from '../../../src/contract/errors.ts'
import { runAttack } from '../../../src/lab/run-attack.ts'
import { NothingToAttack, TargetTrouble } from '../../../src/lab/trouble.ts'
import { type FakeMocks, fakeMocks, row } from './fake-mocks.ts'
import { bodyOf, json, plainTarget, serve } from './small-server.ts'

function attackThat(observe: Attack['observe'], more: Partial<Attack['meta']> = {}): Attack {
  const meta: Attack['meta'] = {
    id: 'x',
    family: 'replay',
    title: 'X',
    about: '',
    severity: 'high',
    cwe: [],
    asvs: [],
    api2023: [],
    has: '',
    needs: ['oneTap', 'me'],
    notices: [],
    ...more,
  }
  return { meta, control: async () => undefined, observe, judge: () => ({ outcome: 'pass', claim: 'Fine.' }) }
}

const run = (mocks: FakeMocks, attack: Attack, baseUrl = 'http://127.0.0.1:9', halt?: AbortSignal) =>
  runAttack(attack, {
    halt,
    runId: 'test',
    seed: 1,
    baseUrl,
    target: plainTarget,
    vars: {},
    mocks: mocks.ready,
    limits: { revocationWithinMs: 10, raceRounds: 1, raceWidth: 2 },
    requestTimeoutMs: 2_000,
    journalSettleMs: 1,
  })

const throwing = (error: Error): Attack['observe'] => {
  return async () => {
    throw error
  }
}

describe('running an attack', () => {
  it('leaves an observation behind', async () => {
    const evidence = await run(
      await fakeMocks(),
      attackThat(async () => ({ seen: 1 })),
    )
    expect(evidence).toMatchObject({ status: 'observed', observation: { seen: 1 }, control: { before: null, after: null } })
    expect(evidence.reason).toBeUndefined()
  })

  it.each([
    ['observed', new TargetTrouble('the target gave no nonce')],
    ['not-applicable', new NothingToAttack('one carrier only')],
    ['error', new HarnessError('MOCKS_FAILED', 'No mocks.')],
    ['error', new RangeError('a bug of ours')],
  ] as const)('is %s with a reason when it ends in %s', async (status, error) => {
    const evidence = await run(await fakeMocks(), attackThat(throwing(error)))
    expect(evidence).toMatchObject({ status, observation: null, reason: expect.stringContaining(error.message) })
  })

  it('ends at once without a verdict when the run is stopped, though a request is under way', async () => {
    const stop = new AbortController()
    const url = await serve(() => stop.abort())
    const attack = attackThat(async lab => {
      const { reading } = await lab.send('nonce', {})
      return { said: reading.kind }
    })
    const evidence = await run(await fakeMocks(), attack, url, stop.signal)
    expect(evidence).toMatchObject({ status: 'observed', observation: null, reason: expect.stringContaining('stopped') })
    expect(evidence.durationMs).toBeLessThan(2_000)
  })

  it('does not wait on when the run is stopped', async () => {
    const stop = new AbortController()
    const attack = attackThat(async lab => {
      stop.abort()
      return { came: await lab.eventually(async () => false, 60_000) }
    })
    const evidence = await run(await fakeMocks(), attack, 'http://127.0.0.1:9', stop.signal)
    expect(evidence).toMatchObject({ observation: null, reason: expect.stringContaining('stopped') })
  })

  it('does not attack a target that refuses honest users', async () => {
    let attacked = false
    const attack = attackThat(async () => {
      attacked = true
      return null
    })
    const url = await serve((_, response) => json(response, 403, {}))
    const { control: _, ...withDefaultControl } = attack
    const evidence = await run(await fakeMocks(), withDefaultControl, url)
    expect(attacked).toBe(false)
    expect(evidence.control.before).toContain('no nonce')
  })

  it('is not-applicable without a needed operation, and then touches nothing', async () => {
    const mocks = await fakeMocks()
    const evidence = await run(
      mocks,
      attackThat(async () => null, { needs: ['rebind'] }),
    )
    expect(evidence).toMatchObject({ status: 'not-applicable', reason: 'the target has no operation rebind' })
    expect(mocks.asked).toEqual([])
  })

  it('is not-applicable when it wants a subscriber of a carrier that the run does without', async () => {
    const evidence = await run(
      await fakeMocks(),
      attackThat(async lab => (await lab.handset('china-unicom')).sim.msisdn),
    )
    expect(evidence).toMatchObject({ status: 'not-applicable', reason: 'the run has no mock of china-unicom' })
  })

  it('is an error when the mocks are gone', async () => {
    const mocks = await fakeMocks()
    mocks.ready.controlUrl = 'http://127.0.0.1:9'
    expect(
      (
        await run(
          mocks,
          attackThat(async () => null),
        )
      ).status,
    ).toBe('error')
  })

  it('sets the mocks’ behaviour for the attack and back again, even when it breaks', async () => {
    const mocks = await fakeMocks()
    await run(mocks, attackThat(throwing(new RangeError('a bug of ours')), { behaviour: { singleUse: 'lenient' } }))
    const puts = mocks.asked.filter(([line]) => line.startsWith('PUT')).map(([, body]) => body)
    expect(puts).toEqual([
      { singleUse: 'lenient', reuse: [] },
      { singleUse: 'strict', reuse: [] },
    ])
  })

  it('takes away the run’s own rules of reuse, which would win over the attack’s, for as long as it lasts', async () => {
    const mocks = await fakeMocks()
    const reuse = [{ carrier: 'china-mobile', singleUse: 'strict' } as const]
    mocks.behaviour.reuse = reuse
    await run(
      mocks,
      attackThat(async () => null, { behaviour: { singleUse: 'lenient' } }),
    )
    const puts = mocks.asked.filter(([line]) => line.startsWith('PUT')).map(([, body]) => body)
    expect(puts).toEqual([
      { singleUse: 'lenient', reuse: [] },
      { singleUse: 'strict', reuse },
    ])
  })
})

describe('the honest login around an attack', () => {
  it.each([
    [[], 'no carrier was asked about its token'],
    [[{ ...row(1, 'token-1'), resultCode: '103414' }], 'answer of the carrier: china-mobile 103414'],
  ])('says what the carrier said when it is refused', async (rows, expected) => {
    const mocks = await fakeMocks()
    const url = await serve(async (request, response) => {
      await bodyOf(request)
      if (request.url === '/nonce') return json(response, 200, { nonce: 'n-1' })
      mocks.journal[0] = { rows, oldestSeq: 1, nextSeq: rows.length + 1, pending: 0 }
      return json(response, 401, {})
    })
    const { control: _, ...withDefaultControl } = attackThat(async () => null)
    const { before } = (await run(mocks, withDefaultControl, url)).control
    expect(before).toContain('was not granted: status 401')
    expect(before).toContain(expected)
  })

  async function control(mocks: FakeMocks, calls: number, me: 'honest' | 'everybody' | 'nobody'): Promise<string | null> {
    const url = await serve(async (request, response) => {
      await bodyOf(request)
      if (request.url === '/nonce') return json(response, 200, { nonce: 'n-1' })
      if (request.url === '/login') {
        const rows = Array.from({ length: calls }, (_, i) => row(i + 1, 'token-1'))
        mocks.journal[0] = { rows, oldestSeq: 1, nextSeq: calls + 1, pending: 0 }
        return json(response, 200, { credential: 'session-1', account: 'acc-1' })
      }
      const known = me === 'everybody' || (me === 'honest' && request.headers.authorization === 'session-1')
      return json(response, known ? 200 : 401, known ? { account: 'acc-1' } : {})
    })
    const { control: _, ...withDefaultControl } = attackThat(async () => null)
    return (await run(mocks, withDefaultControl, url)).control.before
  }

  it('holds when the login opens an account and cost one carrier call', async () => {
    expect(await control(await fakeMocks(), 1, 'honest')).toBeNull()
  })

  it.each([0, 2])('does not hold at %i carrier calls', async calls => {
    expect(await control(await fakeMocks(), calls, 'honest')).toContain(`${calls} carrier calls`)
  })

  it('does not hold when the credential opens nothing', async () => {
    expect(await control(await fakeMocks(), 1, 'nobody')).toContain('nothing in the reply opens an account')
  })

  it('does not hold when an invented credential opens an account', async () => {
    expect(await control(await fakeMocks(), 1, 'everybody')).toContain('invented credential')
  })
})
