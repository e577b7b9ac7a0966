import type { AnswerReader } from '../controls/carrier-answer-read.ts'
import type { RequestWriter } from '../controls/carrier-request-written.ts'
import type { Transport } from './transport.ts'

/** What each client of a carrier works with. */
export interface ClientMeans {
  transport: Transport
  reader: AnswerReader
  writer: RequestWriter
  nowMs: () => number
}
