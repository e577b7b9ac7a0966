#!/usr/bin/env node
// Old syntax on purpose: this file must still run, and explain itself, on a Node that is too old for the rest.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const version = process.versions.node.split('.').map(Number)
const enough = version[0] > 22 || (version[0] === 22 && version[1] >= 18)
const local = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
const built = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url))
const source = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))
const entry = existsSync(source) ? source : built

if (enough) {
  await import(entry)
} else if (existsSync(local)) {
  const child = spawn(local, [entry, ...process.argv.slice(2)], { stdio: 'inherit' })
  // A terminal sends Ctrl-C to both of us, a script only to this process: always pass it on, the CLI takes two in a row as one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code === null ? (signal === 'SIGTERM' ? 143 : 70) : code))
} else {
  process.stderr.write(
    `onetap needs Node 22.18 or newer; this is ${process.versions.node}. Run \`npm ci\` first: it brings the right one.\n`,
  )
  process.exit(2)
}
