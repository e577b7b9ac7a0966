import http from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Heard {
  headers: http.IncomingHttpHeaders
  body: string
}

/** A webhook of a target: keeps what it hears and answers as told. */
export interface HookListener {
  url: string
  heard: readonly Heard[]
  /** Resolves when `count` requests were heard; the test's own time limit is the only one. */
  until(count: number): Promise<void>
  close(): Promise<void>
}

export async function hookListener(answer: (heard: Heard, nth: number) => number = () => 200): Promise<HookListener> {
  const heard: Heard[] = []
  let waiting: { count: number; resolve: () => void }[] = []
  const server = http.createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      const one = { headers: request.headers, body }
      heard.push(one)
      response.writeHead(answer(one, heard.length)).end()
      waiting = waiting.filter(({ count, resolve }) => {
        if (heard.length < count) return true
        resolve()
        return false
      })
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    heard,
    until: count =>
      new Promise(resolve => {
        if (heard.length >= count) resolve()
        else waiting.push({ count, resolve })
      }),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
