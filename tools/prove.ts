// `npm run prove`: gives every contract of test/proofs to the SMTChecker. Each assertion there must be proved for all inputs, each contract of
// test/proofs/false must be refuted. Needs z3 on the PATH (Debian: apt install z3). Prints "N passed, N failed" alone on the last line.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { proveSolidity } from './proveSolidity.ts'

const folders = [
  { folder: 'test/proofs', expected: 'proved' },
  { folder: 'test/proofs/false', expected: 'refuted' },
] as const

let passed = 0
let failed = 0
for (const { folder, expected } of folders) {
  const files = readdirSync(join(import.meta.dirname, '..', folder)).filter((name) => name.endsWith('.sol'))
  for (const name of files.sort()) {
    for (const { line, statement, verdict } of proveSolidity(`${folder}/${name}`)) {
      if (verdict === expected) passed += 1
      else failed += 1
      console.log(`${verdict === expected ? 'ok  ' : 'FAIL'} ${verdict.padEnd(8)} ${folder}/${name}:${line} ${statement}`)
    }
  }
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
