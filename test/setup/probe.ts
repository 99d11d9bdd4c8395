// What the set-up drill starts: `exit <code>` ends with that code, `wait` until a signal, anything else prints where it runs.
const [verb, code] = process.argv.slice(2)
const typed: string = verb ?? 'print'
if (typed === 'exit') process.exit(Number(code))
if (typed === 'wait') {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(signal === 'SIGTERM' ? 42 : 43))
  setInterval(() => undefined, 1_000)
}
console.log(JSON.stringify({ version: process.version, args: process.argv.slice(2) }))
