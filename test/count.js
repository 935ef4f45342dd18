// Prints the closing line from vitest's JSON report; the type checks, the linter
// and the table of comparisons count as one test each.
import { readFileSync } from 'node:fs'

/** In test/all.sh beside vitest: two type checks, the linter, the table of comparisons. */
const CHECKS = 4
const checksFailed = Number(process.argv[2])
let report = {
  numPassedTests: 0,
  numFailedTests: 1,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
}
try {
  report = JSON.parse(readFileSync('.cache/tests.json', 'utf8'))
} catch (error) {
  console.error(`no test report: ${error.message}`)
}
const brokenFiles = report.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.every((t) => t.status !== 'failed'),
)
for (const file of brokenFiles) console.error(`did not load: ${file.name}`)
const failed = report.numFailedTests + brokenFiles.length + checksFailed
const passed = report.numPassedTests + CHECKS - checksFailed
const skipped = report.numPendingTests + report.numTodoTests
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exit(failed === 0 ? 0 : 1)
