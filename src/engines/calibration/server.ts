/** The cheapest target there is, in a process of its own: grants every login at once. For calibration of a machine only. */
import { createServer } from 'node:http'

const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '2' })
    response.end('{}')
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)
})
// The parent is gone: nobody asks any more.
process.stdin.resume().on('end', () => process.exit(0))
