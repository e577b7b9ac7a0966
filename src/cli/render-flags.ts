import type { Command } from 'commander'
import { CEILINGS } from '../contract/shape.ts'
import { wholeNumber } from './flag-values.ts'

/** What commander makes of the flags of `k8s render`. */
export interface RenderFlags {
  config?: string
  target: string
  collector: string
  generators?: number
  out: string
  name: string
  namespace: string
  image: string
  cpu: string
  memory: string
}

export function addRenderFlags(command: Command): Command {
  return command
    .option('-c, --config <file>', 'configuration; default: onetap.config.ts here or above')
    .requiredOption('--target <url>', 'base URL of the target as the pods see it')
    .requiredOption('--collector <url>', 'Prometheus remote write that the pods push to; it must take native histograms')
    .option(
      '--generators <n>',
      'pods that share the arrivals; default: load.generators, or 1',
      wholeNumber(1, CEILINGS.generators),
    )
    .option('-o, --out <dir>', 'folder for the manifests', 'k8s')
    .option('--name <name>', 'name of the objects', 'onetap')
    .option('--namespace <name>', 'their namespace', 'default')
    .option('--image <image>', 'k6 to run', 'grafana/k6:2.2.0')
    .option('--cpu <quantity>', 'cores of each pod', '1')
    .option('--memory <quantity>', 'memory of each pod', '1Gi')
}
