import { HarnessError } from '../contract/errors.ts'

/** What goes into a cluster beside the script. */
export interface ClusterWish {
  /** Of all objects made: a DNS label. */
  name: string
  namespace: string
  /** Pods that share the load. */
  parallelism: number
  /** k6's container image, with its version: with `latest` two runs would not be the same. */
  image: string
  /** Where each pod pushes its metrics: a Prometheus remote-write endpoint that takes native histograms. */
  collectorUrl: string
  /** Cores and memory of each pod, requested and allowed alike: a pod that is throttled measures itself. */
  cpu: string
  memory: string
  /** Names of the target's variables. Their values are never written; each pod reads them from the secret `NAME-vars`. */
  vars: readonly string[]
}

/** Kubernetes keeps a ConfigMap below 1 MiB, names and all. */
const MOST_SCRIPT_BYTES = 1_000_000
export const SCRIPT_KEY = 'test.js'

/** Name of the environment variable that holds one of the target's variables. */
export function varVariable(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new HarnessError('CONFIG', `target.vars: "${name}" cannot be the name of an environment variable`, {
      hint: 'in a cluster each variable reaches k6 by its environment: use letters, digits and _',
    })
  }
  return `ONETAP_VAR_${name}`
}

/**
 * The script and the k6 operator's TestRun for it, as plain objects of the API (k6.io/v1alpha1 of operator 1.6.0). Throws CONFIG when
 * the script is too long for a ConfigMap.
 */
export function manifestsOf(script: string, wish: ClusterWish): { script: object; testRun: object } {
  const bytes = new TextEncoder().encode(script).length
  if (bytes > MOST_SCRIPT_BYTES) {
    throw new HarnessError('CONFIG', `the script has ${bytes} bytes; a ConfigMap holds ${MOST_SCRIPT_BYTES}`, {
      hint: 'the target module or the scenario brings along more than it needs',
    })
  }
  const { name, namespace, parallelism, image } = wish
  const metadata = { name, namespace, labels: { 'app.kubernetes.io/name': 'onetap', 'app.kubernetes.io/instance': name } }
  return {
    script: { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [SCRIPT_KEY]: script } },
    testRun: {
      apiVersion: 'k6.io/v1alpha1',
      kind: 'TestRun',
      metadata,
      spec: {
        parallelism,
        // One pod a node: two on one would take each other's processor time.
        separate: true,
        // Text, not a boolean, in this API.
        quiet: 'true',
        script: { configMap: { name, file: SCRIPT_KEY } },
        // By environment alone: the operator hands most arguments to `k6 archive` too, which refuses what only `k6 run` knows.
        initializer: { image, env: environment(wish, false) },
        runner: {
          image,
          env: environment(wish, true),
          resources: { requests: resources(wish), limits: resources(wish) },
        },
      },
    },
  }
}

function resources({ cpu, memory }: ClusterWish): Record<string, string> {
  return { cpu, memory }
}

/** The initializer only looks at the script: it must push nothing and needs no secret. */
function environment({ name, collectorUrl, vars }: ClusterWish, runs: boolean): object[] {
  const plain = {
    K6_NO_USAGE_REPORT: 'true',
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    ...(runs
      ? {
          K6_OUT: 'experimental-prometheus-rw',
          K6_PROMETHEUS_RW_SERVER_URL: collectorUrl,
          K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM: 'true',
          K6_PROMETHEUS_RW_STALE_MARKERS: 'true',
        }
      : {}),
  }
  return [
    ...Object.entries(plain).map(([variable, value]) => ({ name: variable, value })),
    ...(runs ? vars : []).map(variable => ({
      name: varVariable(variable),
      valueFrom: { secretKeyRef: { name: `${name}-vars`, key: variable } },
    })),
  ]
}
