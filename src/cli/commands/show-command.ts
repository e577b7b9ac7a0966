import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { HarnessError } from '../../contract/errors.ts'
import { renderHistory, reports } from '../../rooms.ts'
import { Shutdown } from '../../world/shutdown.ts'
import { unwindOnCrash } from '../end-process.ts'
import { out } from '../output.ts'
import { readResult } from '../read-document.ts'
import { RUNS_FOLDER, readHistory } from '../read-history.ts'
import { type Page, servePages } from '../report-server.ts'
import { listenForStop } from '../stop.ts'

export interface ShowFlags {
  runs?: string
  port?: number
}

/** `onetap show [RUN]`: a report and the history on loopback, until Ctrl-C. Pages are made anew when asked for. */
export async function show(run: string | undefined, flags: ShowFlags): Promise<number> {
  const root = resolve(flags.runs ?? RUNS_FOLDER)
  const chosen = run ?? newest(root)
  readResult(chosen)
  const shutdown = new Shutdown()
  unwindOnCrash(shutdown)
  const stop = listenForStop(shutdown)
  try {
    const server = await servePages(flags.port ?? 0, address => pageAt(address, chosen, root)).catch((cause: unknown) => {
      if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause
      throw new HarnessError('PORT_IN_USE', `port ${flags.port} is taken`, { hint: 'leave --port out for a free one', cause })
    })
    shutdown.add('report server', () => {
      server.closeAllConnections()
      server.close()
    })
    out.result(`${server.url}/`)
    if (existsSync(root)) out.line(`history: ${server.url}/history`)
    out.line('serving until Ctrl-C')
    await stop.unlessStopped(new Promise<never>(() => {}))
  } finally {
    stop.dispose()
    await shutdown.run()
  }
  // Asked to stop and stopped: that is what was wanted.
  return 0
}

function newest(root: string): string {
  const latest = resolve('.onetap', 'latest')
  if (root === resolve(RUNS_FOLDER) && existsSync(join(latest, 'result.json'))) return latest
  const { history, folders } = readHistory(root)
  const [first] = history.runs
  return (first && folders.get(first)) ?? root
}

function pageAt(address: string, chosen: string, root: string): Page | undefined {
  if (address === '/') return () => reportOf(chosen)
  if (address === '/history') {
    return () => {
      const { history, folders } = readHistory(root)
      return renderHistory(history, run => `./runs/${encodeURIComponent(basename(folders.get(run) ?? ''))}`)
    }
  }
  if (!address.startsWith('/runs/') || !existsSync(root)) return undefined
  // Looked up among the folders there are, never joined to one.
  const folder = [...readHistory(root).folders.values()].find(one => `/runs/${encodeURIComponent(basename(one))}` === address)
  return folder === undefined ? undefined : () => reportOf(folder)
}

function reportOf(run: string): string {
  const page = reports.find(({ id }) => id === 'html')
  if (page === undefined) throw new Error('the HTML report is not among the reports')
  return page.render(readResult(run).result)
}
