import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { defineTarget, jsonBody, type TargetProfile, textField } from '../../../src/contract/target.ts'

/** A server for one test; returns its address. */
export async function serve(answer: http.RequestListener): Promise<string> {
  const server = http.createServer(answer).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    return new Promise<void>(resolve => server.close(() => resolve()))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export function json(response: http.ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

export async function bodyOf(request: http.IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text === '' ? undefined : JSON.parse(text)
}

/** A target in the plainest dialect: status decides, `credential`, `account` and `nonce` stand in the body. */
export const plainTarget: TargetProfile = defineTarget({
  name: 'plain',
  operations: {
    nonce: { method: 'POST', path: '/nonce', read },
    oneTap: {
      method: 'POST',
      path: '/login',
      headers: { 'Content-Type': 'application/json' },
      body: input => JSON.stringify(input),
      read,
    },
    me: { method: 'GET', path: '/me', inputHeaders: ({ credential }) => ({ Authorization: credential }), read },
  },
})

function read(reply: Parameters<typeof jsonBody>[0]) {
  if (reply.status >= 400) return { kind: 'refused' as const }
  const body = jsonBody(reply)
  const nonce = textField(body, 'nonce')
  const credential = textField(body, 'credential')
  const account = textField(body, 'account')
  return {
    kind: 'granted' as const,
    ...(nonce === undefined ? {} : { nonce }),
    ...(credential === undefined ? {} : { credential }),
    ...(account === undefined ? {} : { account }),
  }
}
