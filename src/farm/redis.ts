/** The connection to Redis, and where a sweep's things stand in it. */

import { Redis } from 'ioredis'
import { QueueError } from './errors.ts'

/** Names of keys. All of them end with the sweep or with its end. */
export const keys = {
  /** Hash: sweep -> the version of the engine that it needs. */
  sweeps: 'firebreak:sweeps',
  /** JSON of a `Posted`. */
  sweep: (id: string) => `firebreak:sweep:${id}`,
  /** There as long as the one who conducts a sweep is. */
  alive: (id: string) => `firebreak:alive:${id}`,
  /** There as long as a worker serves a sweep. */
  served: (id: string) => `firebreak:served:${id}`,
  /** Bytes of an input by SHA-256. */
  input: (digest: string) => `firebreak:input:${digest}`,
}

/** The queue of a sweep. */
export function queueName(id: string): string {
  return `firebreak-${id.slice(0, 32)}`
}

/**
 * Connects, and tries whether a Redis answers. Later losses are mended silently, for as long as it
 * takes.
 *
 * Throws: QueueError FB4302
 */
export async function connect(url: string): Promise<Redis> {
  const place = withoutPassword(url)
  if (!/^rediss?:\/\//.test(url) || !URL.canParse(url))
    throw new QueueError(place, 'no address of a Redis')
  let isReady = false
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: PATIENCE_MS,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (isReady ? Math.min(RETRY_MS_MOST, 50 * times) : null),
  })
  let reason = ''
  redis.on('error', (error: Error) => {
    reason = error.message
  })
  try {
    await within(PATIENCE_MS, redis.connect())
    const version = /redis_version:(\d+)\.(\d+)/.exec(
      await within(PATIENCE_MS, redis.info('server')),
    )
    if (version === null) throw new Error('it answers, but not like a Redis')
    if (Number(version[1]) < OLDEST) throw new Error(`it is Redis ${version[1]}.${version[2]}`)
  } catch (error) {
    redis.disconnect()
    throw new QueueError(place, reason || (error as Error).message)
  }
  isReady = true
  return redis
}

/** An address as it may be shown. */
export function withoutPassword(url: string): string {
  return url.replace(/(:\/\/[^:@/]*:).*@/, '$1***@').replace(/([?&]password=)[^&]*/g, '$1***')
}

/** What comes of it, or an error after so long. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

const PATIENCE_MS = 5000
const RETRY_MS_MOST = 1000
/** BullMQ needs it. */
const OLDEST = 5
