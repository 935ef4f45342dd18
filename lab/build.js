/**
 * Builds the lab into `dist/lab/`: `index.html` with its scripts and its style as files, for a
 * server, and `lab.html`, the same in one file that runs from a disk. What a server has comes in
 * parts: `lab.js` and `worker.js` at once, the rest of `parts/` when it is first wanted.
 */

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('.', import.meta.url))
const out = join(root, '../dist/lab')

/**
 * Leaves out of zod what turns schemas into JSON Schema: the page does not, but each kind of schema
 * brings its part along.
 */
const withoutJsonSchema = {
  name: 'without-json-schema',
  transform(code, id) {
    if (!id.endsWith('zod/v4/classic/schemas.js')) return null
    return code
      .replace(/^import \* as processors from .*$/m, 'const processors = {}')
      .replace(
        /^import \{ createStandardJSONSchemaMethod, createToJSONSchemaMethod \} from .*$/m,
        'const [createStandardJSONSchemaMethod, createToJSONSchemaMethod] = []',
      )
  },
}

const common = {
  root,
  plugins: [withoutJsonSchema],
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  base: './',
  define: { 'process.env.NODE_ENV': '"production"' },
}
const target = { write: false, target: 'es2023', minify: true, cssCodeSplit: false }

/** One classic script that holds everything, and the style it imports; '' where it imports none. */
async function whole(entry) {
  const lib = { entry: join(root, entry), formats: ['iife'], name: 'firebreak', fileName: 'script' }
  const [{ output }] = await build({ ...common, build: { ...target, lib } })
  return { script: output.find(({ type }) => type === 'chunk').code, style: styleOf(output) }
}

/**
 * A module and the parts that it imports when they are wanted, as files by their names, with the
 * licences of what is inside.
 */
async function inParts(entry, name) {
  const names = { entryFileNames: `${name}.js`, chunkFileNames: `parts/${name}-[name].js` }
  const rolldownOptions = { input: join(root, entry), output: names }
  const { output } = await build({
    ...common,
    build: {
      ...target,
      ...{ modulePreload: false, rolldownOptions },
      license: { fileName: `${name}-licenses.md` },
    },
  })
  const isWanted = ({ type, fileName }) => type === 'chunk' || fileName.endsWith('.md')
  return Object.fromEntries(
    output.filter(isWanted).map(({ fileName, code, source }) => [fileName, code ?? source]),
  )
}

const styleOf = (output) =>
  String(output.find(({ fileName }) => fileName.endsWith('.css'))?.source ?? '')

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

const [engine, lab] = [await whole('engine/worker.ts'), await whole('main.tsx')]
const served = page({
  // The server of a scenario has the files that it names.
  POLICY: policy({ script: "'self'", style: "'self'", worker: "'self'", connect: "'self'" }),
  STYLE: '<link rel="stylesheet" href="lab.css">',
  SCRIPT: '<script type="module" src="lab.js"></script>',
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

const files = {
  'index.html': served,
  'lab.css': lab.style,
  ...(await inParts('main.tsx', 'lab')),
  ...(await inParts('engine/worker.ts', 'worker')),
  'lab.html': single,
}
rmSync(out, { recursive: true, force: true })
mkdirSync(join(out, 'parts'), { recursive: true })
for (const [name, text] of Object.entries(files)) writeFileSync(join(out, name), text)
