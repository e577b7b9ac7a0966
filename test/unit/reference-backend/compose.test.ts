import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const file = (name: string): string => readFileSync(new URL(`../../../reference-backend/${name}`, import.meta.url), 'utf8')
const compose = file('docker-compose.yaml')
const example = file('.env.example')

/** What a line `NAME: value` or `NAME=value` says; absent: ''. */
function said(text: string, name: string): string {
  return new RegExp(`^\\s*${name}[:=] ?(.*)$`, 'm').exec(text)?.[1] ?? ''
}

/** The port on loopback that leads to this port of a container. */
function published(containerPort: number): string {
  return new RegExp(`"127\\.0\\.0\\.1:(\\d+):${containerPort}"`).exec(compose)?.[1] ?? ''
}

it('the example environment leads to the stores of the compose file: user, password, database, ports', () => {
  const database = new URL(said(example, 'DATABASE_URL'))
  expect({
    user: database.username,
    password: database.password,
    name: database.pathname,
    host: database.host,
    redis: said(example, 'REDIS_URL'),
  }).toEqual({
    user: said(compose, 'POSTGRES_USER'),
    password: said(compose, 'POSTGRES_PASSWORD'),
    name: `/${said(compose, 'POSTGRES_DB')}`,
    host: `127.0.0.1:${published(5432)}`,
    redis: `redis://127.0.0.1:${published(6379)}`,
  })
})

it('the compose file publishes nothing beyond loopback', () => {
  const ports = [...compose.matchAll(/^\s+- "(.*:\d+)"$/gm)].map(([, port]) => port)
  expect(ports).toHaveLength(2)
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
})
