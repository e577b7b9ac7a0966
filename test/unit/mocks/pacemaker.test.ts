import { afterEach, describe, expect, it } from 'vitest'
import { preciseNowMs } from '../../../mocks/clock.ts'
import { type Pacemaker, pacemaker } from '../../../mocks/pacemaker.ts'

let pace: Pacemaker | undefined
afterEach(() => pace?.close())

describe('the pacemaker', () => {
  it('is never early and keeps the order of deadlines, whatever the order they came in', async () => {
    const keeper = pacemaker()
    pace = keeper
    const startMs = preciseNowMs()
    const waits = [30, 5.25, 12, 5.25, 0.4, 29.9, 18, 1, 40]
    const fired: number[] = []
    await Promise.all(
      waits.map(
        waitMs =>
          new Promise<void>(resolve => {
            keeper.at(startMs + waitMs, () => {
              expect(preciseNowMs()).toBeGreaterThanOrEqual(startMs + waitMs)
              fired.push(waitMs)
              resolve()
            })
          }),
      ),
    )
    expect(fired).toEqual([...waits].sort((a, b) => a - b))
  })

  it('does at once what is due, without waiting for a turn', () => {
    pace = pacemaker()
    let done = false
    pace.at(preciseNowMs() - 1, () => {
      done = true
    })
    expect(done).toBe(true)
  })

  it('takes new deadlines out of one that fires', async () => {
    const keeper = pacemaker()
    pace = keeper
    const fired = await new Promise<string>(resolve => {
      keeper.at(preciseNowMs() + 2, () => keeper.at(preciseNowMs() + 2, () => resolve('second')))
    })
    expect(fired).toBe('second')
  })

  it('drops what is waiting when it is closed', async () => {
    const keeper = pacemaker()
    let fired = false
    keeper.at(preciseNowMs() + 5, () => {
      fired = true
    })
    await keeper.close()
    await new Promise(resolve => setTimeout(resolve, 30))
    expect(fired).toBe(false)
  })
})
