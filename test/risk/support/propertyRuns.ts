/** The deep tier is the acceptance count; the normal tier keeps the suite fast. */
export const deep = process.env['BALLAST_TEST_TIER'] === 'deep'

/** Random cases per property. A failing property prints its seed; set BALLAST_TEST_SEED to repeat a run. */
export const runs = deep ? 1000 : 100

const askedSeed = process.env['BALLAST_TEST_SEED']
/** The normal tier is a gate: the same inputs on every machine. The deep tier looks elsewhere each time. */
const GATE_SEED = 0xba11a57
/** Settings for `fc.assert`: counts and seed of the tier, or the seed that is asked for. */
export const propertyRuns = { numRuns: runs, ...(askedSeed !== undefined ? { seed: Number(askedSeed) } : deep ? {} : { seed: GATE_SEED }) }
