/** The engine as a web lab would hold it: a worker that takes a scenario's files and answers with the report. */

import { readScenario } from '../../src/ingest/read.ts'
import { run } from '../../src/run.ts'

globalThis.onmessage = async ({ data: { entry, files, overrides } }) => {
  const source = {
    read: (path) => new TextEncoder().encode(files[path]),
    resolve: (_, name) => (Object.hasOwn(files, `${name}.yaml`) ? `${name}.yaml` : name),
  }
  const { scenario, runId, engineVersion, data } = await readScenario(entry, source, overrides)
  // As `firebreak run --json` writes it.
  globalThis.postMessage(`${JSON.stringify(run(scenario, { runId, engineVersion, data }))}\n`)
}
