/** The engine as a web page would hold it: a worker, scenario files in, the report out. */

import { readScenario } from '../../src/ingest/read.ts'
import { run } from '../../src/run.ts'

globalThis.onmessage = ({ data }) => {
  answerTo(data).then(
    (text) => globalThis.postMessage({ text }),
    (error) => globalThis.postMessage({ fault: String(error) }),
  )
}

async function answerTo({ entry, files, overrides }) {
  const source = {
    read: (path) => new TextEncoder().encode(files[path]),
    resolve: (_, name) => (Object.hasOwn(files, `${name}.yaml`) ? `${name}.yaml` : name),
  }
  const { scenario, runId, engineVersion, data } = await readScenario(entry, source, overrides)
  // As `firebreak run --json` writes it.
  return `${JSON.stringify(run(scenario, { runId, engineVersion, data }))}\n`
}
