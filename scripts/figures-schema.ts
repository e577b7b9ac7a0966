import { z } from 'zod'
import {
  FAIL_CLOSED_ENEMIES,
  FAIL_CLOSED_LOADS,
  FAIL_CLOSED_STATES,
  FAIL_CLOSED_TROUBLES,
  RACE_METHODS,
} from '../src/contract/figures.ts'

/** The published shape of what attacks measure beside their verdict: a mirror of `src/contract/figures.ts`. */

const count = z.number().int().nonnegative()
const share = z.number().min(0).max(1)
const ms = z.number().nonnegative()
const msOrNull = ms.nullable().describe('Milliseconds; null = no figure could be had.')

const raceBound = z
  .object({
    of: z.string().describe('What would have been a hit.'),
    rounds: count,
    width: count,
    method: z.enum(RACE_METHODS),
    spreadMs: ms,
    overlap: share.describe('Median share of a round that had left before the first answer came back.'),
    below: share.describe('Upper bound of the chance of a hit in one round.'),
    confidence: share,
  })
  .meta({ id: 'RaceBound' })

const background = z.object({ share, capacityPerSecond: z.number(), offeredPerSecond: z.number() })

export const failClosedMapSchema = z
  .object({
    outcome: z.enum(['pass', 'fail', 'inconclusive']),
    cells: z
      .array(
        z.object({
          trouble: z.enum(FAIL_CLOSED_TROUBLES),
          load: z.enum(FAIL_CLOSED_LOADS),
          enemy: z.enum(FAIL_CLOSED_ENEMIES),
          state: z.enum(FAIL_CLOSED_STATES).describe('A cell may slow down or err, never be accepted.'),
          tries: count,
          accepted: count,
          refused: count,
          errored: count,
          slowestMs: msOrNull,
          text: z.string(),
          exchanges: z.array(count).readonly(),
        }),
      )
      .readonly(),
    load: background.nullable(),
  })
  .meta({ id: 'FailClosedMap' })

export const attackCostSchema = z
  .object({
    perForged: z
      .array(
        z.object({
          kind: z.string(),
          requests: count,
          carrierCalls: count,
          billedCalls: count,
          messages: count,
          workMs: ms,
          cpuMs: ms.nullable(),
        }),
      )
      .readonly(),
    honest: z
      .array(
        z.object({
          enemyShare: share,
          sent: count,
          granted: count,
          goodputPerSecond: z.number().nonnegative(),
          p50Ms: msOrNull,
          p99Ms: msOrNull,
        }),
      )
      .readonly(),
    victim: z.object({
      state: z.enum(['none', 'locked-out', 'unknown']),
      tries: count,
      lockedForMs: msOrNull,
      text: z.string(),
    }),
  })
  .meta({ id: 'AttackCost' })

export const reissueLevelSchema = z
  .object({
    withinMs: ms,
    series: z
      .array(
        z.object({
          notices: z.enum(['delivered', 'lost']),
          lastAcceptedMs: z.array(ms).readonly(),
          stillAlive: count,
          watchedMs: ms,
          p50Ms: msOrNull,
          p99Ms: msOrNull,
        }),
      )
      .readonly(),
    unharmed: z.array(z.object({ kind: z.enum(['sim-replaced', 'ported']), numbers: count, kept: count })).readonly(),
  })
  .meta({ id: 'ReissueLevel' })

export const figuresSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('race-bound'), races: z.array(raceBound).readonly() }),
    z.object({ kind: z.literal('fail-closed-map'), map: failClosedMapSchema }),
    z.object({ kind: z.literal('attack-cost'), cost: attackCostSchema }),
    z.object({ kind: z.literal('reissue-level'), level: reissueLevelSchema }),
  ])
  .describe('Measured beside the verdict.')
