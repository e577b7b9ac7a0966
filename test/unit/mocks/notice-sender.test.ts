import { describe, expect, it } from 'vitest'
import { DeliveryLog } from '../../../mocks/notices/delivery-log.ts'
import { DELIVERY_DEFAULTS, type DeliverySettings, parseDelivery } from '../../../mocks/notices/delivery-settings.ts'
import { NoticeSender } from '../../../mocks/notices/notice-sender.ts'
import type { PostOutcome } from '../../../mocks/notices/post.ts'

const URL_HERE = 'http://127.0.0.1:9/hook'

/** A sender whose clock is turned by hand and whose listener answers as told. */
function bench(
  answer: (eventId: string, attempt: number) => PostOutcome = () => ({ kind: 'answered', httpStatus: 200 }),
  seed = 3,
) {
  const log = new DeliveryLog()
  const posted: { eventId: string; atMs: number }[] = []
  const tries = new Map<string, number>()
  let nowMs = 1000
  let timers: { atMs: number; run: () => void }[] = []
  const sender = new NoticeSender({
    seed,
    log,
    wallMs: () => nowMs,
    post: async (_url, { body }) => {
      posted.push({ eventId: body, atMs: nowMs })
      const attempt = (tries.get(body) ?? 0) + 1
      tries.set(body, attempt)
      return answer(body, attempt)
    },
    after: (waitMs, run) => {
      const timer = { atMs: nowMs + waitMs, run }
      timers.push(timer)
      return () => {
        timers = timers.filter(one => one !== timer)
      }
    },
  })
  const settle = () => new Promise<void>(resolve => setImmediate(resolve))
  return {
    sender,
    log,
    posted,
    ids: () => posted.map(one => one.eventId),
    send: (eventId: string, change: Partial<DeliverySettings> = {}) =>
      sender.send({
        eventId,
        format: 'rebind',
        settings: { ...DELIVERY_DEFAULTS, url: URL_HERE, ...change },
        compose: () => ({ headers: {}, body: eventId }),
      }),
    /** Lets all timers run in their order until none is left. */
    runAll: async () => {
      for (await settle(); timers.length > 0; await settle()) {
        timers.sort((a, b) => a.atMs - b.atMs)
        const next = timers.shift()!
        nowMs = Math.max(nowMs, next.atMs)
        next.run()
      }
    },
    settle,
  }
}

const names = Array.from({ length: 40 }, (_, i) => `e${i}`)

describe('a notice', () => {
  it('is tried again with doubling waits until it is taken', async () => {
    const { send, runAll, posted, log, sender } = bench((_id, attempt) =>
      attempt < 4 ? { kind: 'answered', httpStatus: 503 } : { kind: 'answered', httpStatus: 204 },
    )
    send('e', { backoffMs: 100 })
    expect(sender.pending).toBe(1)
    await runAll()
    expect(posted.map(one => one.atMs)).toEqual([1000, 1100, 1300, 1700])
    expect(
      log.query({}).deliveries.map(({ attempt, outcome, httpStatus, final }) => [attempt, outcome, httpStatus, final]),
    ).toEqual([
      [1, 'refused', 503, false],
      [2, 'refused', 503, false],
      [3, 'refused', 503, false],
      [4, 'delivered', 204, true],
    ])
    expect(sender.pending).toBe(0)
  })

  it.each([
    ['no answer', { kind: 'failed', error: 'gone' }, 3],
    ['429', { kind: 'answered', httpStatus: 429 }, 3],
    ['408', { kind: 'answered', httpStatus: 408 }, 3],
    ['401, which is for good', { kind: 'answered', httpStatus: 401 }, 1],
    ['a redirect, which is not followed', { kind: 'answered', httpStatus: 302 }, 1],
  ] as const)('is given up after %s', async (_what, answer, tries) => {
    const { send, runAll, log, sender } = bench(() => answer)
    send('e', { attempts: 3 })
    await runAll()
    const { deliveries } = log.query({})
    expect(deliveries.map(row => row.final)).toEqual([...Array.from({ length: tries - 1 }, () => false), true])
    expect(sender.pending).toBe(0)
  })

  it('waits for the one before it, even when that needs many tries', async () => {
    const { send, runAll, ids } = bench((id, attempt) => ({
      kind: 'answered',
      httpStatus: id === 'a' && attempt < 3 ? 500 : 200,
    }))
    send('a')
    send('b')
    await runAll()
    expect(ids()).toEqual(['a', 'a', 'a', 'b'])
  })

  it('overtakes when each goes by its own delay', async () => {
    const { send, runAll, ids } = bench()
    send('late', { order: 'free', delayMs: 500 })
    send('soon', { order: 'free', delayMs: 10 })
    await runAll()
    expect(ids()).toEqual(['soon', 'late'])
  })

  it('is kept back for shuffling until the window is full, and then none keeps its place', async () => {
    const { send, runAll, settle, ids, sender } = bench()
    for (const id of ['a', 'b']) send(id, { order: 'shuffled', window: 3 })
    await settle()
    expect([ids(), sender.pending]).toEqual([[], 2])
    send('c', { order: 'shuffled', window: 3 })
    await settle()
    await runAll()
    expect(ids().toSorted()).toEqual(['a', 'b', 'c'])
    expect(ids().filter((id, place) => id === ['a', 'b', 'c'][place])).toEqual([])
  })

  it('is not kept back for ever: a flush sends it, and so does time', async () => {
    const flushed = bench()
    flushed.send('a', { order: 'shuffled', window: 5 })
    flushed.sender.flush()
    await flushed.settle()
    expect(flushed.ids()).toEqual(['a'])
    const waited = bench()
    waited.send('a', { order: 'shuffled', window: 5 })
    await waited.runAll()
    expect(waited.ids()).toEqual(['a'])
  })

  it('is lost or doubled by the seed alone, whatever the target answers', async () => {
    const fates = async (status: number, seed = 3) => {
      const { send, runAll, log } = bench(() => ({ kind: 'answered', httpStatus: status }), seed)
      for (const name of names) send(name, { lossShare: 0.3, duplicateShare: 0.3, attempts: 1 })
      await runAll()
      return log
        .query({})
        .deliveries.map(row => `${row.eventId}:${row.copy}:${row.outcome === 'lost'}`)
        .toSorted()
    }
    const fine = await fates(200)
    expect(await fates(500)).toEqual(fine)
    expect(await fates(200, 4)).not.toEqual(fine)
    const lost = fine.filter(fate => fate.endsWith('true')).length
    const doubled = fine.filter(fate => fate.includes(':2:')).length
    expect(lost).toBeGreaterThan(3)
    expect(doubled).toBeGreaterThan(3)
    expect(fine).toHaveLength(names.length + doubled)
  })

  it('is dropped by a reset, and the fates begin anew', async () => {
    const { send, sender, runAll, log, ids } = bench()
    const outcome = async () => {
      for (const name of names) send(name, { lossShare: 0.5 })
      await runAll()
      return log
        .query({})
        .deliveries.filter(row => row.outcome === 'lost')
        .map(row => row.eventId)
    }
    const first = await outcome()
    send('never', { delayMs: 100 })
    sender.reset()
    log.reset()
    await runAll()
    expect(ids()).not.toContain('never')
    expect(sender.pending).toBe(0)
    expect(await outcome()).toEqual(first)
  })
})

describe('the delivery log', () => {
  it('forgets the oldest rows and says so', () => {
    const log = new DeliveryLog()
    const row = { format: 'rebind', url: URL_HERE, copy: 1, attempt: 1, atMs: 0, outcome: 'delivered', final: true } as const
    for (let i = 1; i <= 12_000; i++) log.add({ eventId: `e${i}`, ...row })
    const all = log.query({})
    expect(all.deliveries).toHaveLength(5000)
    expect([all.oldestSeq, all.nextSeq]).toEqual([7001, 12_001])
    expect(log.query({ sinceSeq: 11_999 }).deliveries.map(one => one.eventId)).toEqual(['e11999', 'e12000'])
    expect(log.query({ eventId: 'e9000' }).deliveries).toHaveLength(1)
    expect(new DeliveryLog().query({})).toEqual({ deliveries: [], oldestSeq: 1, nextSeq: 1 })
  })
})

describe('delivery settings', () => {
  it('have defaults for all but address and secret', () => {
    expect(parseDelivery({ url: URL_HERE, secret: 's' })).toEqual({
      settings: { url: URL_HERE, ...DELIVERY_DEFAULTS },
      secret: 's',
    })
    const all = { attempts: 1, backoffMs: 0, timeoutMs: 1, delayMs: 1, jitterMs: 1, lossShare: 0.5, duplicateShare: 1, window: 9 }
    expect(parseDelivery({ url: URL_HERE, secret: 's', order: 'free', ...all })).toMatchObject({
      settings: { order: 'free', ...all },
    })
  })

  it.each(['http://127.0.0.1/', 'http://127.9.9.9:1/x', 'https://localhost/x', 'http://[::1]:80/'])('allow %s', url => {
    expect(parseDelivery({ url, secret: 's' })).toMatchObject({ settings: { url } })
  })

  it.each([
    'http://example.com/',
    'http://127.0.0.1.example.com/',
    'http://localhost.example.com/',
    'http://user:word@127.0.0.1/',
    'http://0.0.0.0/',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    '//127.0.0.1/',
    '',
  ])('refuse the address %j', url => {
    expect(parseDelivery({ url, secret: 's' })).toContain('deliver.url')
  })

  it.each([
    [null, 'object'],
    [[], 'object'],
    [{ url: URL_HERE }, 'secret'],
    [{ url: URL_HERE, secret: '' }, 'secret'],
    [{ url: URL_HERE, secret: 's', attempts: 0 }, 'attempts'],
    [{ url: URL_HERE, secret: 's', attempts: 1.5 }, 'attempts'],
    [{ url: URL_HERE, secret: 's', attempts: '3' }, 'attempts'],
    [{ url: URL_HERE, secret: 's', lossShare: 1.1 }, 'lossShare'],
    [{ url: URL_HERE, secret: 's', window: 1 }, 'window'],
    [{ url: URL_HERE, secret: 's', order: 'random' }, 'order'],
    [{ url: URL_HERE, secret: 's', mood: 1 }, 'unknown field deliver.mood'],
    [{ url: URL_HERE, secret: 's', constructor: 1 }, 'unknown field deliver.constructor'],
  ])('refuse %j', (value, word) => {
    expect(parseDelivery(value)).toContain(word)
  })
})
