/**
 * Child entry: answers every request with a credential after the milliseconds given as first argument. Speaks just enough HTTP to
 * be much faster than what it measures. Prints its port; ends when its standard input closes.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net'

const delayMs = Number(process.argv[2] ?? 0)
const body = '{"credential":"c"}'
const reply = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`

/** A request is complete when its head and as many bytes as its Content-Length are here; k6 sends one at a time. */
function isComplete(text: string): boolean {
  const end = text.indexOf('\r\n\r\n')
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? '0'
  return end >= 0 && text.length >= end + 4 + Number(length)
}

function serve(socket: Socket): void {
  let text = ''
  socket.setNoDelay(true)
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk
    if (!isComplete(text)) return
    text = ''
    if (delayMs > 0) setTimeout(() => socket.write(reply), delayMs)
    else socket.write(reply)
  })
  socket.on('error', () => socket.destroy())
}

const server = createServer(serve)
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`))
process.stdin.on('end', () => process.exit(0)).resume()
