/**
 * Builds the lab into `dist/lab/`: `index.html` with its script, style and worker as files, for a
 * server, and `lab.html`, the same in one file that runs from a disk.
 */

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('.', import.meta.url))
const out = join(root, '../dist/lab')

/** One classic script, and the style it imports; '' where it imports none. */
async function bundle(entry) {
  const result = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2023',
      minify: true,
      lib: { entry: join(root, entry), formats: ['iife'], name: 'firebreak', fileName: 'script' },
    },
  })
  const files = result.flatMap(({ output }) => output)
  const style = files.find(({ fileName }) => fileName.endsWith('.css'))?.source ?? ''
  return { script: files.find(({ type }) => type === 'chunk').code, style: String(style) }
}

/** Fills the page; what is filled in may hold any sign. */
function page(parts) {
  const template = readFileSync(join(root, 'index.html'), 'utf8')
  return template.replace(/%([A-Z]+)%/g, (_, name) => parts[name])
}

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
/** A script may stand in a page only where nothing in it ends it. */
const inPage = (script) => script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')

function policy({ script, style, worker, connect }) {
  return [
    "default-src 'none'",
    `script-src ${script}`,
    `style-src ${style}`,
    `worker-src ${worker}`,
    `connect-src ${connect}`,
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

const [engine, lab] = [await bundle('engine/worker.ts'), await bundle('main.tsx')]
const served = page({
  // The server of a scenario has the files that it names.
  POLICY: policy({ script: "'self'", style: "'self'", worker: "'self'", connect: "'self'" }),
  STYLE: '<link rel="stylesheet" href="lab.css">',
  SCRIPT: '<script src="lab.js" defer></script>',
})
const script = inPage(lab.script)
const single = page({
  POLICY: policy({
    script: hash(script),
    style: hash(lab.style),
    worker: 'blob:',
    connect: "'none'",
  }),
  STYLE: `<style>${lab.style}</style>`,
  SCRIPT:
    `<script type="text/plain" id="engine">${inPage(engine.script)}</script>\n` +
    `<script>${script}</script>`,
})

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
const files = {
  'index.html': served,
  'lab.js': lab.script,
  'lab.css': lab.style,
  'worker.js': engine.script,
  'lab.html': single,
}
for (const [name, text] of Object.entries(files)) writeFileSync(join(out, name), text)
