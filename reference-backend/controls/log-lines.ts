import { maskMsisdn, withoutNumbers } from '../msisdn.ts'
import { defineControl } from './define.ts'

export interface LoginLine {
  method: string
  type: string
  identifier: string
  ip: string
  body: Readonly<Record<string, unknown>>
  tokenA: string
}

/** The line a login leaves in the log; undefined leaves none. `wanted`: whether lines were asked for. */
export type WriteLine = (line: LoginLine, wanted: boolean) => string | undefined

export default defineControl<() => WriteLine>({
  id: 'log-lines',
  why: 'logs are read by more people than databases are, and kept longer',
  sound: () => (line, wanted) => (wanted ? JSON.stringify(shown(line)) : undefined),
  flaws: {
    // The whole request, "for support".
    'pii-in-logs':
      () =>
      ({ method, identifier, ip, body, tokenA }) =>
        JSON.stringify({ login: method, identifier, ip, body, tokenA }),
    // Put together by hand, with what the client calls its device in it.
    'raw-headers-logs': () => line => `login ${line.method} ip=${line.ip} device=${String(line.body.deviceId)}`,
  },
})

function shown({ method, type, identifier, ip }: LoginLine) {
  return { login: method, who: type === 'phone' ? maskMsisdn(identifier) : withoutNumbers(type), ip }
}
