import type { DeviceAnswer, Dialect, DialectPorts } from '../dialect.ts'
import type { Authorizations } from './authorizations.ts'
import type { CamaraClient } from './clients.ts'

/** What a phone does at its operator beside the browser's redirect: fetch an operator token (TS.43), give or withhold consent. */
export function deviceSide(
  clients: readonly CamaraClient[],
  authorizations: Authorizations,
  { lives }: DialectPorts,
): NonNullable<Dialect['deviceRoutes']> {
  return {
    'operator-token': ({ imsi, clientId }) => {
      const client = clients.find(one => one.appId === clientId)
      const sim = typeof imsi === 'string' ? lives.simByImsi(imsi) : undefined
      if (sim === undefined) return refused(403, 'SIM_UNKNOWN', 'no living SIM card has this IMSI')
      if (client === undefined) return refused(403, 'APP_UNKNOWN', 'no API consumer has this client id')
      const given = authorizations.giveOperatorToken(client.appIndex, sim.index, lives.tenure(sim.index).generation)
      return { httpStatus: 200, value: { operatorToken: given.token, expiresInMs: given.expiresInMs } }
    },
    consent: ({ imsi, granted }) => {
      const sim = typeof imsi === 'string' ? lives.simByImsi(imsi) : undefined
      if (typeof granted !== 'boolean') return refused(400, 'BAD_REQUEST', 'granted must be true or false')
      if (sim === undefined) return refused(403, 'SIM_UNKNOWN', 'no living SIM card has this IMSI')
      authorizations.setConsent(sim.index, granted)
      return { httpStatus: 200, value: { granted } }
    },
  }
}

function refused(httpStatus: number, code: string, message: string): DeviceAnswer {
  return { httpStatus, value: { error: { code, message } } }
}
