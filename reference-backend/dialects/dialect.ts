import type { FastifyInstance, FastifyRequest } from 'fastify'

/**
 * How the backend speaks to its clients. What it does is the same in every dialect: routes, flows and controls know nothing of
 * it. Carriers' notices and the house's own routes (identity, health, metrics) are not spoken in it.
 */
export type DialectId =
  /** Statuses say what happened, JSON says the rest. */
  | 'rest'
  | 'status-in-body'
  | 'cookies'
  | 'renamed'
  | 'slow'
  | 'strict'
  | 'unsteady'
  | 'idempotent'
  /** Two instances over the same stores take turns (service.ts); each speaks REST. */
  | 'two-instances'

export interface DialectMeans {
  /** Seed of whatever is left to chance. */
  seed: number
  nowMs: () => number
  /** Whom a request comes from. */
  sourceOf: (request: FastifyRequest) => string
}

/** Hangs itself into the part of the app that clients talk to, before its routes are added. */
export type Dialect = (app: FastifyInstance, means: DialectMeans) => void
