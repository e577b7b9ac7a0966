#!/usr/bin/env node
// Old syntax on purpose: this file must still run, and explain itself, on a Node that is too old for the rest.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const version = process.versions.node.split('.').map(Number)
const enough = version[0] > 22 || (version[0] === 22 && version[1] >= 18)
const local = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
const built = new URL('../dist/src/cli/main.js', import.meta.url)
const source = new URL('../src/cli/main.ts', import.meta.url)
// Node does not run TypeScript below node_modules; a checkout is run as it is, whatever an earlier build left in dist/.
const packaged = /[\\/]node_modules[\\/]/.test(fileURLToPath(import.meta.url))
const entry = existsSync(fileURLToPath(source)) && !packaged ? source : built

if (enough) {
  // Exit code 1 means that an attack got in: a failure to start must never end with it, as Node's own would.
  import(entry.href).catch(failToStart)
} else if (existsSync(local)) {
  launch()
} else {
  process.stderr.write(
    `onetap needs Node 22.18 or newer; this is ${process.versions.node}. Run \`npm ci\` first: it brings the right one.\n`,
  )
  process.exit(2)
}

function failToStart(cause) {
  const missing = cause !== null && typeof cause === 'object' && cause.code === 'ERR_MODULE_NOT_FOUND'
  process.stderr.write(`onetap cannot start: ${cause?.message ?? cause}\n`)
  process.stderr.write(missing ? ' hint: run `npm ci`\n' : `${cause?.stack ?? ''}\n`)
  process.exit(missing ? 3 : 70)
}

function launch() {
  // The fourth channel tells the CLI when this process is killed without having been able to pass anything on.
  const child = spawn(local, [fileURLToPath(entry), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  // A terminal sends Ctrl-C to both of us, a script only to this process: always pass it on, the CLI takes two in a row as one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', failToStart)
  child.on('exit', (code, signal) => process.exit(code === null ? 128 + (constants.signals[signal] || 0) : code))
}
