/** `firebreak serve`: the lab in a browser, from this machine to this machine. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import fastify, { type FastifyInstance } from 'fastify'
import { InputError } from '../errors.ts'
import { bundleOf } from '../farm/bundle.ts'
import { type Opened, openedOf } from '../farm/opened.ts'
import { diskSource } from '../ingest/files.ts'
import { exit } from './failure.ts'
import { type Flags, jobOf } from './flags.ts'
import type { Host } from './host.ts'
import type { Act } from './main.ts'
import { wholeOf } from './whole.ts'

const lab = fileURLToPath(new URL('../../dist/lab', import.meta.url))

/** What a site shows beside the page itself. */
interface Served {
  readonly opened: Opened
  readonly blobs: ReadonlyMap<string, Uint8Array>
}

/** Serves until it is interrupted. A scenario is read first: what is wrong with it is said here. */
export const serve: Act = async ([entry], flags, host) => {
  const name = hostOf(flags)
  const port = wholeOf('--port', flags.port, 0, 65_535)!
  if (!existsSync(join(lab, 'index.html'))) throw new NoLabError()
  const served = entry === undefined ? null : await servedOf(entry, flags, host)
  const site = await siteOf(served)
  const address = await listen(site, name, port)
  const page = served === null ? address : `${address}/#lab?opened=1`
  host.stdout.write(`the lab is at ${page}\nCtrl-C ends it\n`)
  if (flags.open !== false && host.stdout.isTerminal) {
    const { default: openPage } = await import('open')
    await openPage(page).catch(() => {})
  }
  await new Promise<void>((done) => host.onInterrupt(done))
  await site.close()
  return exit.ok
}

async function servedOf(entry: string, flags: Flags, host: Host): Promise<Served> {
  const { folder, data, overrides } = jobOf(entry, flags, host.folder, false)
  const bundle = bundleOf(diskSource(folder, data))
  const opened = await openedOf(entry, bundle, overrides)
  return { opened, blobs: bundle.blobs }
}

/**
 * The page, the scenario it opens, and that one's files by digest.
 *
 * Rule: other sites may neither frame nor read what is served. What is asked under a name that is
 *       not this machine's is refused, so that no page elsewhere can take the name for its own.
 */
export async function siteOf(served: Served | null): Promise<FastifyInstance> {
  const site = fastify()
  site.addHook('onRequest', async (request, reply) => {
    const isOurs = names.includes(request.hostname.replace(/^\[|\]$/g, ''))
    if (!isOurs) return await reply.code(421).send('not a name of this machine\n')
    reply.headers({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    })
  })
  await site.register(fastifyStatic, { root: lab, cacheControl: false })
  site.get('/opened.json', async (_, reply) => served?.opened ?? reply.code(404).send())
  site.get<{ Params: { digest: string } }>('/blobs/:digest', async ({ params }, reply) => {
    const bytes = served?.blobs.get(params.digest)
    if (bytes === undefined) return await reply.code(404).send()
    return await reply.type('application/octet-stream').send(Buffer.from(bytes))
  })
  return site
}

async function listen(site: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await site.listen({ host, port })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortTakenError(port)
    throw error
  }
}

function hostOf(flags: Flags): string {
  const name = String(flags.host)
  if (!names.includes(name)) throw new BeyondError(name)
  return name
}

const names = ['127.0.0.1', '::1', 'localhost']

/** A port that another program listens on. */
class PortTakenError extends InputError {
  constructor(port: number) {
    super({
      code: 'FB2035',
      rule: 'the port is taken',
      ...{ place: '--port', came: String(port) },
      remedy: 'Give another --port; 0 takes any that is free',
    })
  }
}

/** The lab has no guard against strangers, and is served to nobody else. */
class BeyondError extends InputError {
  constructor(came: string) {
    super({
      code: 'FB2036',
      rule: 'the lab is served to this machine only',
      ...{ place: '--host', came },
      remedy: `Leave --host out, or give one of ${names.join(', ')}`,
    })
  }
}

/** A checkout without its built page. */
class NoLabError extends InputError {
  constructor() {
    super({ code: 'FB2037', rule: 'the lab has not been built', remedy: 'Run npm run build' })
  }
}
