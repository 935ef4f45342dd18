/** Writes the JSON Schema of scenario files into the package, for editors. Run by the build. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { scenarioJsonSchema } from './schema.ts'

const folder = new URL('../../schema/', import.meta.url)
mkdirSync(folder, { recursive: true })
const text = `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`
writeFileSync(new URL('scenario.v1.json', folder), text)
