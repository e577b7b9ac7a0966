import protobuf from 'protobufjs'
import { compress, uncompress } from 'snappyjs'

/**
 * The part of Prometheus' remote write 1.0 that k6 sends: a snappy block holding a protobuf `prometheus.WriteRequest`.
 * Field numbers: prompb/types.proto and prompb/remote.proto of the Prometheus repository.
 */
export interface WriteRequest {
  timeseries: TimeSeries[]
}

export interface TimeSeries {
  labels: { name: string; value: string }[]
  samples: { value: number; timestamp: number }[]
  histograms: NativeHistogram[]
}

/** Counts are whole numbers (`deltas`, each the difference from the bucket before) or floats (`counts`, absolute). */
export interface NativeHistogram {
  countInt?: number
  countFloat?: number
  sum: number
  schema: number
  zeroThreshold: number
  zeroCountInt?: number
  zeroCountFloat?: number
  negativeSpans: BucketSpan[]
  positiveSpans: BucketSpan[]
  positiveDeltas: number[]
  positiveCounts: number[]
  timestamp: number
}

/** `length` buckets in a row, `offset` after the end of the span before; the first span's offset is an index. The wire leaves zeros out. */
export interface BucketSpan {
  offset?: number
  length?: number
}

/** Most bytes a push may unpack to: a thousand times what a load of all series makes. */
const MOST_BYTES = 64 * 1024 * 1024

const root = protobuf.Root.fromJSON({
  nested: {
    WriteRequest: { fields: { timeseries: { rule: 'repeated', type: 'TimeSeries', id: 1 } } },
    TimeSeries: {
      fields: {
        labels: { rule: 'repeated', type: 'Label', id: 1 },
        samples: { rule: 'repeated', type: 'Sample', id: 2 },
        histograms: { rule: 'repeated', type: 'Histogram', id: 4 },
      },
    },
    Label: { fields: { name: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
    Sample: { fields: { value: { type: 'double', id: 1 }, timestamp: { type: 'int64', id: 2 } } },
    BucketSpan: { fields: { offset: { type: 'sint32', id: 1 }, length: { type: 'uint32', id: 2 } } },
    Histogram: {
      oneofs: { count: { oneof: ['countInt', 'countFloat'] }, zeroCount: { oneof: ['zeroCountInt', 'zeroCountFloat'] } },
      fields: {
        countInt: { type: 'uint64', id: 1 },
        countFloat: { type: 'double', id: 2 },
        sum: { type: 'double', id: 3 },
        schema: { type: 'sint32', id: 4 },
        zeroThreshold: { type: 'double', id: 5 },
        zeroCountInt: { type: 'uint64', id: 6 },
        zeroCountFloat: { type: 'double', id: 7 },
        negativeSpans: { rule: 'repeated', type: 'BucketSpan', id: 8 },
        positiveSpans: { rule: 'repeated', type: 'BucketSpan', id: 11 },
        positiveDeltas: { rule: 'repeated', type: 'sint64', id: 12 },
        positiveCounts: { rule: 'repeated', type: 'double', id: 13 },
        timestamp: { type: 'int64', id: 15 },
      },
    },
  },
})
const writeRequest = root.lookupType('WriteRequest')

/** Reads one push. Throws on anything that is not one. */
export function decodeWriteRequest(body: Uint8Array): WriteRequest {
  const plain = uncompress(body, MOST_BYTES)
  // `longs: Number` is exact: counts and epoch milliseconds stay below 2^53. `arrays` gives an empty list where nothing was sent.
  // An absent `oneof` member stays absent, so an integer histogram is told from a float one.
  return writeRequest.toObject(writeRequest.decode(plain), { longs: Number, arrays: true }) as WriteRequest
}

/** Writes a push as k6 would: for tests, and for other load tools that want to report over the same channel. */
export function encodeWriteRequest(request: { timeseries: readonly object[] }): Uint8Array {
  return snappy(writeRequest.encode(writeRequest.fromObject(request)).finish())
}

/** One snappy block, as a push is packed. */
export function snappy(plain: Uint8Array): Uint8Array {
  return compress(plain)
}
