import type { Step } from '../contract/flow.ts'
import { isPhoneStep } from '../contract/phone.ts'
import type { Reply } from '../contract/target.ts'
import type { BegunVisit, Crowd } from './crowd.ts'
import type { LoadRequest } from './prepared-requests.ts'

/** So many visits in a row that come to nothing before their first request, and the user gives up instead of spinning. */
const MOST_FRUITLESS = 10
const NO_REPLY: Reply = { status: 0, body: '', headers: {} }

/**
 * One closed-loop user: visit after visit, each as the scenario has it. The load tool asks for the next request and hands over
 * each reply.
 */
export class HonestUser {
  private readonly crowd: Crowd
  private current: BegunVisit | undefined
  /** The step to be sent, or the one that was sent and has no reply yet. */
  private step: Step | undefined
  private sent = false
  private sentAtMs = 0

  constructor(crowd: Crowd) {
    this.crowd = crowd
  }

  /** True when no visit is under way and none will begin. */
  get done(): boolean {
    return this.current === undefined && this.crowd.isClosed
  }

  /** The next request; undefined when no further visit begins. Asked again without a reply, the last request counts as lost. */
  next(): LoadRequest | undefined {
    if (this.sent) this.reply(NO_REPLY)
    for (let fruitless = 0; fruitless < MOST_FRUITLESS; fruitless++) {
      if (this.step === undefined && !this.beginVisit()) return undefined
      const request = this.send()
      if (request !== undefined) return request
    }
    return undefined
  }

  reply(reply: Reply): void {
    const { step, current, crowd } = this
    if (!this.sent || step === undefined || current === undefined || isPhoneStep(step)) return
    this.sent = false
    const reading = crowd.read(step, reply)
    if (current.measured) {
      crowd.record(step, current.visit, reading, performance.now() - this.sentAtMs)
      if (reply.status === 0) crowd.recorder.transport++
    }
    this.advance(() => current.flow.next(reading))
  }

  private beginVisit(): boolean {
    const begun = this.crowd.begin()
    if (begun === undefined) return false
    this.current = begun
    this.advance(() => begun.flow.next())
    return true
  }

  private send(): LoadRequest | undefined {
    const { step } = this
    if (step === undefined) return undefined
    // Refused before the load (autocannon.ts): its connections lead to the target alone.
    if (isPhoneStep(step)) throw new Error(`autocannon cannot do ${step.op}`)
    try {
      const request = this.crowd.request(step)
      this.sentAtMs = performance.now()
      this.sent = true
      return request
    } catch {
      this.threw()
      return undefined
    }
  }

  /** Runs the scenario to its next step. */
  private advance(body: () => IteratorResult<Step, void>): void {
    try {
      const result = body()
      this.step = result.done === true ? undefined : result.value
    } catch {
      this.threw()
      return
    }
    if (this.step === undefined) this.endVisit()
  }

  /** The scenario or the target module threw: counted, reported with the evidence, and the visit is over. */
  private threw(): void {
    if (this.current?.measured === true) this.crowd.recorder.threw++
    this.step = undefined
    this.endVisit()
  }

  private endVisit(): void {
    if (this.current?.measured === true) this.crowd.recorder.completed++
    this.current = undefined
  }
}
