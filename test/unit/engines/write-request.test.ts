import { describe, expect, it } from 'vitest'
import { decodeWriteRequest, encodeWriteRequest, snappy } from '../../../src/engines/write-request.ts'
import { counterSeries, histogramSeries } from './k6-push.ts'

/**
 * A push as k6 2.2.0 sends it, recorded field by field from prompb: one series, `__name__`=`k6_a`, an integer native histogram with
 * count 4, sum 2.5, schema 3, spans (-2, 1) and (4, 1), deltas 1 and 1, timestamp 1000.
 */
const RECORDED = [
  '0a3f', // timeseries, 63 bytes
  '0a10', // label
  '0a085f5f6e616d655f5f', // name: __name__
  '12046b365f61', // value: k6_a
  '222b', // histogram, 43 bytes
  '0804', // count_int 4
  '190000000000000440', // sum 2.5
  '2006', // schema 3, zigzag
  '29000000000000b037', // zero threshold 2^-132
  '3001', // zero_count_int 1
  '5a0408031001', // span offset -2 length 1
  '5a0408081001', // span offset 4 length 1
  '62020202', // deltas 1, 1, packed zigzag
  '78e807', // timestamp 1000
]

describe('a push of the remote-write protocol', () => {
  it('is read as its bytes say', () => {
    const bytes = Buffer.from(RECORDED.join(''), 'hex')
    expect(decodeWriteRequest(snappy(bytes)).timeseries).toEqual([
      {
        labels: [{ name: '__name__', value: 'k6_a' }],
        samples: [],
        histograms: [
          {
            countInt: 4,
            sum: 2.5,
            schema: 3,
            zeroThreshold: 2 ** -132,
            zeroCountInt: 1,
            negativeSpans: [],
            positiveSpans: [
              { offset: -2, length: 1 },
              { offset: 4, length: 1 },
            ],
            positiveDeltas: [1, 1],
            positiveCounts: [],
            timestamp: 1000,
          },
        ],
      },
    ])
  })

  it('survives writing and reading', () => {
    const push = {
      timeseries: [
        counterSeries('ot_attempted_total', 12),
        histogramSeries('ot_me_granted', [
          [5, 2],
          [9, 1],
        ]),
      ],
    }
    const read = decodeWriteRequest(encodeWriteRequest(push))
    expect(read.timeseries[0]?.samples[0]?.value).toBe(12)
    expect(read.timeseries[1]?.histograms[0]).toMatchObject({
      countInt: 3,
      positiveSpans: [
        { offset: 5, length: 1 },
        { offset: 3, length: 1 },
      ],
      positiveDeltas: [2, -1],
    })
  })

  it.each([
    ['empty', Buffer.alloc(0)],
    ['no snappy', Buffer.from('hello, this is not a push at all')],
    ['snappy but no protobuf', Buffer.from(snappy(Buffer.from('hello, this is not a push at all')))],
    ['cut off', Buffer.from(encodeWriteRequest({ timeseries: [counterSeries('a', 1)] })).subarray(0, 20)],
  ])('that is %s is refused', (_what, bytes) => {
    expect(() => decodeWriteRequest(bytes)).toThrow()
  })

  it('that says it unpacks to gigabytes is refused before anything is unpacked', () => {
    expect(() => decodeWriteRequest(Buffer.from([0x80, 0x80, 0x80, 0x80, 0x04, 0, 0]))).toThrow('too big')
  })
})
