import type { Step, TargetStep } from '../contract/flow.ts'
import { isPhoneStep, type PhoneStep } from '../contract/phone.ts'
import type { Reading, Reply } from '../contract/target.ts'
import { canonicalHeaders } from '../lab/reply.ts'
import type { Connection, Connections, ReplyHandler } from './connections.ts'
import type { BegunVisit, Crowd } from './crowd.ts'
import type { LoadRequest } from './prepared-requests.ts'
import type { RequestDeadlines } from './request-deadlines.ts'

/** What visits of one generator share. */
export interface VisitGround {
  crowd: Crowd
  connections: Connections
  deadlines: RequestDeadlines
}

/**
 * One visit from its first request to its last, on undici's dispatcher: no promise and no stream per request. The first request
 * is timed from when the visit was due and not from when it was sent, so that a generator that is late, or a stall that held up
 * its connection, is paid for; the later ones from the moment the reply before was read, which is when an app would send them.
 */
export class EmbeddedVisit {
  private readonly ground: VisitGround
  private readonly begun: BegunVisit
  private readonly ended: (sent: boolean) => void
  private step: TargetStep | undefined
  private sent = false
  private letIn = false
  private fromMs: number

  /** `dueMs` on the clock of `performance.now()`. `ended` is called once and told whether anything was sent. */
  constructor(ground: VisitGround, begun: BegunVisit, dueMs: number, ended: (sent: boolean) => void) {
    this.ground = ground
    this.begun = begun
    this.fromMs = dueMs
    this.ended = ended
  }

  start(): void {
    this.advance(() => this.begun.flow.next())
  }

  /** Runs the scenario to its next step and sends it. */
  private advance(body: () => IteratorResult<Step, void>): void {
    const { crowd } = this.ground
    let request: LoadRequest
    try {
      const result = body()
      if (result.done === true) {
        this.end()
        return
      }
      if (isPhoneStep(result.value)) {
        void this.askPhone(result.value)
        return
      }
      this.step = result.value
      request = crowd.request(result.value)
    } catch {
      // The scenario or the target module threw: counted, and told with the evidence.
      if (this.begun.measured) crowd.recorder.threw++
      this.end()
      return
    }
    this.send(request)
  }

  /** What the phone does is no request to the target and holds no connection. */
  private async askPhone(step: PhoneStep): Promise<void> {
    const { crowd } = this.ground
    this.sent = true
    const reading = await crowd.phone(step)
    const nowMs = performance.now()
    if (this.begun.measured) crowd.recordPhone(step, reading, nowMs - this.fromMs)
    this.fromMs = nowMs
    this.advance(() => this.begun.flow.next(reading))
  }

  private end(): void {
    this.ground.crowd.end(this.begun, this.letIn)
    this.ended(this.sent)
  }

  private send({ method, path, headers, body }: LoadRequest): void {
    const { connections, deadlines } = this.ground
    this.sent = true
    const connection = connections.take()
    const exchange = new Exchange(connection, connections, deadlines, (reply, connectMs) => this.take(reply, connectMs))
    connection.client.dispatch({ method: method as 'POST', path, headers, body: body ?? null }, exchange)
  }

  private take(reply: Reply, connectMs: number | undefined): void {
    const { crowd } = this.ground
    const { step, begun } = this
    if (step === undefined) return
    const reading: Reading = crowd.read(step, reply)
    this.letIn ||= crowd.letsIn(step, reading)
    const nowMs = performance.now()
    if (begun.measured) {
      crowd.record(step, begun.visit, reading, nowMs - this.fromMs)
      if (connectMs !== undefined) crowd.recordConnect(step, begun.visit, reading, connectMs)
      if (reply.status === 0) crowd.recorder.transport++
    }
    this.fromMs = nowMs
    this.advance(() => begun.flow.next(reading))
  }
}

/** One request and its reply. Ends once, with a reply of status 0 when none came in time. */
class Exchange implements ReplyHandler {
  private readonly connection: Connection
  private readonly connections: Connections
  private readonly deadlines: RequestDeadlines
  private readonly done: (reply: Reply, connectMs: number | undefined) => void
  private readonly connects: number
  private readonly dispatchedMs = performance.now()
  private connectMs: number | undefined
  private status = 0
  private rawHeaders: Record<string, string | string[] | undefined> = {}
  private body: Buffer | undefined
  private more: Buffer[] | undefined
  private over = false

  constructor(
    connection: Connection,
    connections: Connections,
    deadlines: RequestDeadlines,
    done: (reply: Reply, connectMs: number | undefined) => void,
  ) {
    this.connection = connection
    this.connects = connection.connects
    this.connections = connections
    this.deadlines = deadlines
    this.done = done
    deadlines.add(this)
  }

  /** The deadline went by: whatever is still to come on this connection is not waited for. */
  late(): void {
    this.connections.drop(this.connection, new Error('no reply in time'))
    this.finish({ status: 0, body: '', headers: {} })
  }

  /** About to be written: what it waited for until here was its connection. */
  onRequestStart(): void {
    if (this.connection.connects > this.connects) this.connectMs = performance.now() - this.dispatchedMs
  }

  onResponseStart(_controller: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    this.status = status
    this.rawHeaders = headers
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    // Nearly every reply comes in one piece, which then needs no list.
    if (this.body === undefined) this.body = chunk
    else {
      this.more ??= [this.body]
      this.more.push(chunk)
    }
  }

  onResponseEnd(): void {
    if (this.over) return
    this.connections.giveBack(this.connection)
    const body = this.more === undefined ? this.body : Buffer.concat(this.more)
    this.finish(new ReadReply(this.status, body === undefined ? '' : body.toString('utf8'), this.rawHeaders))
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.over) return
    this.connections.drop(this.connection, error)
    this.finish({ status: 0, body: '', headers: {} })
  }

  private finish(reply: Reply): void {
    if (this.over) return
    this.over = true
    this.deadlines.delete(this)
    this.done(reply, this.connectMs)
  }
}

/** A reply whose headers are spelled out when a target module looks at them: most never do. */
class ReadReply implements Reply {
  readonly status: number
  readonly body: string
  private readonly raw: Record<string, string | string[] | undefined>

  constructor(status: number, body: string, raw: Record<string, string | string[] | undefined>) {
    this.status = status
    this.body = body
    this.raw = raw
  }

  get headers(): Record<string, string> {
    return canonicalHeaders(this.raw)
  }
}
