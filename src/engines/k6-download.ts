import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runForText } from './run-for-text.ts'

const CONNECT_WITHIN_MS = 5000
const DOWNLOAD_WITHIN_MS = 120_000

/**
 * Puts the official release of this machine's system at `executable`, after checking it against the release's published
 * checksums. Returns undefined when it is there, else a sentence that says why not; never leaves a half-written file.
 */
export async function downloadK6(source: {
  version: string
  releasesUrl: string
  executable: string
}): Promise<string | undefined> {
  const asset = releaseAsset(source.version)
  if (asset === undefined) return `there is no official k6 for ${process.platform} ${process.arch}`
  const base = `${source.releasesUrl}/v${source.version}`
  try {
    const sums = new TextDecoder().decode(await get(`${base}/k6-v${source.version}-checksums.txt`, CONNECT_WITHIN_MS))
    const expected = checksumOf(sums, asset)
    if (expected === undefined) return `the official checksums do not list ${asset}`
    const archive = await get(`${base}/${asset}`, DOWNLOAD_WITHIN_MS)
    const actual = createHash('sha256').update(archive).digest('hex')
    if (actual !== expected) return `${asset} does not match its published checksum and was thrown away`
    return await unpack(archive, asset, source.executable)
  } catch (cause) {
    return `the official k6 release could not be downloaded (${reasonOf(cause)})`
  }
}

/** File name of the release for this machine (build-release.sh of k6); undefined where none is published. */
function releaseAsset(version: string): string | undefined {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as string]
  const system = { linux: 'linux', darwin: 'macos', win32: 'windows' }[process.platform as string]
  if (arch === undefined || system === undefined || (system === 'windows' && arch !== 'amd64')) return undefined
  return `k6-v${version}-${system}-${arch}${system === 'linux' ? '.tar.gz' : '.zip'}`
}

/** Lines are `<sha256>  <file>`. */
export function checksumOf(sums: string, asset: string): string | undefined {
  for (const line of sums.split('\n')) {
    const [sum, file] = line.trim().split(/\s+\*?/)
    if (file === asset && sum !== undefined && /^[0-9a-f]{64}$/.test(sum)) return sum
  }
  return undefined
}

async function get(url: string, withinMs: number): Promise<Uint8Array> {
  const reply = await fetch(url, { signal: AbortSignal.timeout(withinMs) })
  if (!reply.ok) throw new Error(`${url} answered ${reply.status}`)
  return new Uint8Array(await reply.arrayBuffer())
}

async function unpack(archive: Uint8Array, asset: string, executable: string): Promise<string | undefined> {
  await mkdir(dirname(executable), { recursive: true })
  const folder = await mkdtemp(join(dirname(executable), 'unpack-'))
  try {
    await writeFile(join(folder, asset), archive)
    // `tar` of macOS and Windows reads zip files as well.
    const { failure } = await runForText('tar', ['-xf', asset, '--strip-components=1'], { cwd: folder, timeoutMs: 60_000 })
    if (failure !== undefined) return `${asset} could not be unpacked (${failure})`
    const unpacked = join(folder, process.platform === 'win32' ? 'k6.exe' : 'k6')
    await chmod(unpacked, 0o755)
    await rename(unpacked, executable)
    return undefined
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  if (cause.name === 'TimeoutError') return 'no answer in time'
  return cause.cause instanceof Error ? cause.cause.message : cause.message
}
