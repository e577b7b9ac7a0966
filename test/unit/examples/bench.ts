import { randomInt, randomUUID } from 'node:crypto'
import type { CarrierId } from '../../../src/contract/carriers.ts'
import type { LifeEventKind, RebindNotice } from '../../../src/contract/journal.ts'
import type { OneTapInput, Reading, TargetProfile } from '../../../src/contract/target.ts'
import { AUTH_CODE, type FakeCarriers, startFakeCarriers } from '../reference-backend/fake-carriers.ts'
import { type Answered, driverOf, type Served, serve } from './served.ts'

export const APP_IDS = { 'china-mobile': '10000001', 'china-unicom': '0123456789abcdef', 'china-telecom': '8000000001' } as const

/** A real backend with fake carriers behind it, asked through its target module only. */
export interface Bench {
  carriers: FakeCarriers
  served: Served
  send: ReturnType<typeof driverOf>
  /** The input of an honest login: fresh nonce, fresh token. */
  honest(msisdn: string, carrier?: CarrierId): Promise<OneTapInput>
  login(msisdn: string, carrier?: CarrierId): Promise<Answered>
  notice(kind: LifeEventKind, msisdn: string, fields?: Partial<RebindNotice>): RebindNotice
  close(): Promise<void>
}

export async function openBench(
  target: TargetProfile,
  file: string,
  env: Record<string, string>,
  vars: Record<string, string>,
): Promise<Bench> {
  const carriers = await startFakeCarriers()
  const served = await serve(file, { ...carriers.environment, ...env })
  const send = driverOf(target, served.url, vars)
  const honest: Bench['honest'] = async (msisdn, carrier = 'china-mobile') => {
    const nonce = granted((await send('nonce', {})).reading).nonce
    const second = carrier === 'china-telecom' ? { authCode: AUTH_CODE } : {}
    return { carrier, token: carriers.token(carrier, msisdn), appId: APP_IDS[carrier], nonce, ...second }
  }
  return {
    carriers,
    served,
    send,
    honest,
    login: async (msisdn, carrier) => send('oneTap', await honest(msisdn, carrier)),
    notice: (kind, msisdn, fields = {}) => ({
      eventId: randomUUID(),
      kind,
      msisdn,
      carrier: 'china-mobile',
      occurredAt: new Date().toISOString(),
      sequence: 1,
      ...fields,
    }),
    close: async () => {
      await served.stop()
      await carriers.close()
    },
  }
}

export function granted(reading: Reading): Extract<Reading, { kind: 'granted' }> {
  if (reading.kind !== 'granted') throw new Error(`expected granted, got ${JSON.stringify(reading)}`)
  return reading
}

export function credentialOf(answered: Answered): string {
  const { credential } = granted(answered.reading)
  if (credential === undefined) throw new Error('granted without a credential')
  return credential
}

export function freshNumber(): string {
  return `138${String(randomInt(100_000_000)).padStart(8, '0')}`
}
