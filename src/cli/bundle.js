/**
 * Puts the engine's thread into a few files in `dist/cli/`, over what the compiler wrote there.
 *
 * Why: the thread needs some three hundred small files, its readers' packages included. To find,
 *      read and compile them one by one took a fifth of a small run.
 */

import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

const root = join(import.meta.dirname, '../..')
const out = join(root, 'dist/cli')

for (const name of readdirSync(out)) if (name.startsWith('thread-')) rmSync(join(out, name))
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  ssr: { noExternal: true, external: ['hyparquet', 'hyparquet-writer'] },
  build: {
    ssr: join(root, 'src/cli/thread.ts'),
    outDir: out,
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    // Packages go along inside, so their licences do too.
    license: { fileName: 'thread-licenses.md' },
    rolldownOptions: {
      output: { entryFileNames: 'thread.js', chunkFileNames: 'thread-[name].js' },
    },
  },
})
