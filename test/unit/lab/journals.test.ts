import { describe, expect, it } from 'vitest'
import { HarnessError } from '../../../src/contract/errors.ts'
import { createControlPlane } from '../../../src/lab/control-plane.ts'
import { openJournals } from '../../../src/lab/journals.ts'
import { fakeMocks, row } from './fake-mocks.ts'

describe('the carrier journals', () => {
  it('are read only once no call is under way and nothing new came', async () => {
    const mocks = await fakeMocks()
    const late = { rows: [row(5, 't')], oldestSeq: 1, nextSeq: 6, pending: 0 }
    const journals = await openJournals(createControlPlane(mocks.ready), { settleMs: 30, shared: false })
    const waiting = { rows: [], oldestSeq: 1, nextSeq: 1, pending: 1 }
    mocks.journal.splice(0, 1, waiting, waiting, waiting, waiting, late)
    expect((await journals.calls(['t'])).map(({ seq }) => seq)).toEqual([5])
  })

  it('are waited for as long as a call is under way, however long nothing new comes', async () => {
    const mocks = await fakeMocks()
    const journals = await openJournals(createControlPlane(mocks.ready), { settleMs: 1, shared: false })
    const waiting = { rows: [], oldestSeq: 1, nextSeq: 1, pending: 1 }
    // 25 questions, 20 ms apart at least: longer than others' silence is waited for.
    mocks.journal.splice(0, 1, ...Array(25).fill(waiting), { rows: [row(5, 't')], oldestSeq: 1, nextSeq: 6, pending: 0 })
    expect((await journals.calls(['t'])).map(({ seq }) => seq)).toEqual([5])
  })

  it('refuse to say that nothing was asked while a call is under way that may be ours', async () => {
    const mocks = await fakeMocks()
    const options = { settleMs: 1, shared: false, patienceMs: 60 }
    const journals = await openJournals(createControlPlane(mocks.ready), options)
    mocks.journal[0] = { rows: [], oldestSeq: 1, nextSeq: 1, pending: 1 }
    await expect(journals.calls(['t'])).rejects.toMatchObject({ code: 'EVIDENCE' })
    mocks.journal[0] = { rows: [row(1, 't')], oldestSeq: 1, nextSeq: 2, pending: 1 }
    expect((await journals.calls(['t'])).map(({ seq }) => seq)).toEqual([1])
  })

  it('are read by the silence of one’s own tokens when others call the carriers too', async () => {
    const mocks = await fakeMocks()
    const journals = await openJournals(createControlPlane(mocks.ready), { settleMs: 1, shared: true })
    const busy = (nextSeq: number) => ({ rows: [row(1, 't')], oldestSeq: 1, nextSeq, pending: 3 })
    mocks.journal.splice(0, 1, ...Array.from({ length: 200 }, (_, i) => busy(i + 2)))
    expect((await journals.calls(['t'])).map(({ seq }) => seq)).toEqual([1])
    expect(mocks.journal.length).toBeGreaterThan(150)
  })

  it('are asked only from where the lab opened', async () => {
    const mocks = await fakeMocks()
    mocks.journal[0] = { rows: [], oldestSeq: 1, nextSeq: 42, pending: 0 }
    const journals = await openJournals(createControlPlane(mocks.ready), { settleMs: 1, shared: false })
    await journals.calls(['t'])
    expect(mocks.asked.at(-1)?.[1]).toMatchObject({ tokens: ['t'], sinceSeq: 42 })
  })

  it('refuse to answer when they forgot rows: nothing seen would look like nothing done', async () => {
    const mocks = await fakeMocks()
    const journals = await openJournals(createControlPlane(mocks.ready), { settleMs: 1, shared: false })
    mocks.journal[0] = { rows: [], oldestSeq: 9, nextSeq: 30_000, pending: 0 }
    await expect(journals.calls(['t'])).rejects.toThrow(HarnessError)
  })

  it('hand every row on to the evidence, each once', async () => {
    const mocks = await fakeMocks()
    const journals = await openJournals(createControlPlane(mocks.ready), { settleMs: 1, shared: false })
    mocks.journal[0] = { rows: [row(2, 't'), row(1, 't')], oldestSeq: 1, nextSeq: 3, pending: 0 }
    await journals.calls(['t'])
    await journals.calls(['t'])
    expect(journals.seen().map(({ seq }) => seq)).toEqual([1, 2])
  })

  it('are trouble of the mocks when the control plane refuses', async () => {
    const mocks = await fakeMocks()
    const control = createControlPlane(mocks.ready)
    await expect(control.call('GET', '/nowhere')).rejects.toMatchObject({ code: 'MOCKS_FAILED' })
  })
})
