import type { JournalRow, MockBehaviour, MocksReady } from '../../../src/contract/journal.ts'
import { bodyOf, json, serve } from './small-server.ts'

export interface FakeMocks {
  ready: MocksReady
  /** Every request to the control plane, `METHOD path`, with its body. */
  asked: [string, unknown][]
  /** What the journal answers next; the last one stays. */
  journal: { rows: JournalRow[]; oldestSeq: number; nextSeq: number; pending: number }[]
  /** What it says its behaviour is, whatever it is told. */
  behaviour: MockBehaviour
}

/** A control plane and one carrier that say what a test tells them to. */
export async function fakeMocks(): Promise<FakeMocks> {
  const asked: FakeMocks['asked'] = []
  const journal: FakeMocks['journal'] = [{ rows: [], oldestSeq: 1, nextSeq: 1, pending: 0 }]
  const behaviour: MockBehaviour = { latency: { kind: 'none' }, faults: [], singleUse: 'strict' }
  let tokens = 0
  const url = await serve(async (request, response) => {
    const body = await bodyOf(request)
    const line = `${request.method} ${request.url}`
    asked.push([line, body])
    switch (line) {
      case 'POST /__onetap/journal/query':
        return json(response, 200, journal.length > 1 ? journal.shift() : journal[0])
      case 'POST /__onetap/subscribers':
        return json(response, 200, { index: 1, carrier: 'china-mobile', msisdn: '13800000000', imsi: '460000000000001' })
      case 'POST /handset/v1/authorize':
        return json(response, 200, { carrier: 'china-mobile', appId: '3000', token: `token-${++tokens}`, expiresInMs: 1000 })
      case 'GET /__onetap/behaviour':
      case 'PUT /__onetap/behaviour':
        return json(response, 200, behaviour)
      default:
        return json(response, 404, {})
    }
  })
  const providers = [{ provider: 'china-mobile' as const, url, appIds: ['3000'] }]
  return {
    ready: { runId: 'test', controlUrl: url, controlToken: 'secret', providers, environment: {} },
    asked,
    journal,
    behaviour,
  }
}

export function row(seq: number, token: string): JournalRow {
  return {
    seq,
    arrivedAtMs: 0,
    provider: 'china-mobile',
    operation: 'loginTokenValidate',
    token,
    tokenKind: 'handset',
    appId: '3000',
    signature: 'ok',
    httpStatus: 200,
    resultCode: '103000',
    redeemed: true,
    billed: true,
    intendedUs: 0,
    actualUs: 0,
  }
}
