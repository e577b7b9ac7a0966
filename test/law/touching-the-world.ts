import { liesIn } from './border-table.ts'
import { findInCode } from './code-text.ts'
import type { SourceFile } from './source-files.ts'

/** Something code may do only in some places. */
interface Restriction {
  what: RegExp
  /** Where the restriction is in force; everywhere else is free. */
  inForce: readonly string[]
  except: readonly string[]
  why: string
}

const PRODUCT = ['src/', 'mocks/', 'scenarios/', 'attacks/', 'reports/', 'reference-backend/']
const PURE = ['src/contract/', 'src/judge/', 'src/config/', 'attacks/', 'reports/', 'scenarios/']
const OWN_CLOCK = ['src/world/', 'src/lab/', 'src/engines/', 'src/run/', 'src/cli/', 'reference-backend/']

/** Files that are a process of their own. k6's driver is one too: its console is the tool's log file. */
const CHILD_ENTRIES = [
  'mocks/main.ts',
  'reference-backend/main.ts',
  'src/engines/embedded-main.ts',
  'src/engines/calibration/server.ts',
  'src/world/leash.ts',
]

export const RESTRICTIONS: readonly Restriction[] = [
  {
    what: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.(?:now|timeOrigin)\b|\bprocess\.(?:hrtime|uptime)\b/,
    inForce: PRODUCT,
    // k6 stamps a token's issue time itself: there is nobody to pass the clock in.
    except: [...OWN_CLOCK, 'scenarios/k6/', 'mocks/main.ts', 'mocks/gateway.ts', 'mocks/clock.ts'],
    why: 'reads a clock: pass the time in',
  },
  { what: /\bMath\.random\b/, inForce: PRODUCT, except: OWN_CLOCK, why: 'is chance without a seed' },
  {
    what: /\brandom(?:Bytes|UUID|Int|FillSync|Fill)\b|\bgetRandomValues\b/,
    inForce: PURE,
    except: [],
    why: 'is chance without a seed',
  },
  {
    what: /\bprocess\.(?:exit|exitCode|abort|kill|stdout|stderr)\b|\bconsole\.\w+/,
    inForce: PRODUCT,
    except: ['src/cli/', ...CHILD_ENTRIES, 'reference-backend/trouble.ts', 'scenarios/k6/driver.ts'],
    why: 'prints or ends the process: only the command line and the children do',
  },
  {
    what: /\b(?:fetch|setTimeout|setInterval|setImmediate|queueMicrotask)\(|\bnew WebSocket\b|\bprocess\.|\bglobalThis\b/,
    inForce: ['attacks/', 'src/contract/', 'src/judge/', 'reports/'],
    except: [],
    why: 'touches the world: an attack has the lab for that, a pure room nothing',
  },
]

/** Every place where code does what its room may not. */
export function forbiddenTouches(files: readonly SourceFile[]): string[] {
  return RESTRICTIONS.flatMap(({ what, inForce, except, why }) =>
    files
      .filter(source => liesIn(source.path, inForce) && !liesIn(source.path, except))
      .flatMap(source => findInCode(source, what).map(place => `${place} ${why}`)),
  )
}
