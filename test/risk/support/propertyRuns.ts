/** The deep tier is the acceptance count; the normal tier keeps the suite fast. */
export const deep = process.env['BALLAST_TEST_TIER'] === 'deep'

/** Random cases per property. A failing property prints its seed; set BALLAST_TEST_SEED to repeat a run. */
export const runs = deep ? 1000 : 100

const fixedSeed = process.env['BALLAST_TEST_SEED']
/** Settings for `fc.assert`: counts of the tier, and the seed when one is asked for. */
export const propertyRuns = { numRuns: runs, ...(fixedSeed === undefined ? {} : { seed: Number(fixedSeed) }) }
