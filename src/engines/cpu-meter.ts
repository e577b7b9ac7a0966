/** Share of the machine's cores a process used between the first and the last sample: 1 = all cores busy. */
export class CpuMeter {
  private readonly cores: number
  private first: { cpuSeconds: number; atMs: number } | undefined
  private last: { cpuSeconds: number; atMs: number } | undefined

  constructor(cores: number) {
    this.cores = cores
  }

  /** `cpuSeconds`: used by the process since it began. */
  add(cpuSeconds: number, atMs: number): void {
    this.last = { cpuSeconds, atMs }
    this.first ??= this.last
  }

  /** Null until there are two samples. */
  share(): number | null {
    if (this.first === undefined || this.last === undefined) return null
    const seconds = (this.last.atMs - this.first.atMs) / 1000
    return seconds > 0 ? (this.last.cpuSeconds - this.first.cpuSeconds) / (seconds * this.cores) : null
  }
}
