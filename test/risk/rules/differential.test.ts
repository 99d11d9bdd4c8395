import { describe, expect, it } from 'vitest'
import {
  activateRule,
  activateScope,
  applyRound,
  cancelRule,
  emptyStore,
  executeLoosening,
  type ParameterStore,
  RuleViolationError,
  readParameter,
  restrictRule,
  setRules,
  setValues,
  undoTightening,
  vetoLoosening,
  walkParameter,
} from '../../../risk/rules/index.ts'
import { rejections, type UnixSeconds } from '../../../risk/types/index.ts'
import { deep } from '../support/propertyRuns.ts'
import { type ContractOutcome, deployContractStore } from './contractStore.ts'
import { createChance, firstContents, type Operation, randomOperation, randomPause, testCatalogue, testScope } from './randomRounds.ts'

const GENESIS = 1_600_000_000
const settings = { ruleDelay: 172_800, undoWindow: 86_400, executionGrace: 86_400 }
const ROUNDS = deep ? 10_000 : 300
/** Rounds on one store; each store has its own rules. */
const ROUNDS_PER_STORE = 75
const seed = Number(process.env['BALLAST_TEST_SEED'] ?? 20_201_112)

/** The same call on the twin. */
function callTwin(store: ParameterStore, operation: Operation, now: UnixSeconds): { store: ParameterStore; outcome: ContractOutcome } {
  const done = (next: ParameterStore): { store: ParameterStore; outcome: ContractOutcome } => ({
    store: next,
    outcome: { kind: 'done', result: null, rejected: [] },
  })
  try {
    switch (operation.kind) {
      case 'round': {
        const { store: next, judgements, result } = applyRound(store, testScope, operation.items, operation.context, now)
        const rejected = judgements.filter(({ code }) => code !== 'none').map(({ id, code, limit }) => ({ id, code, limit }))
        return { store: next, outcome: { kind: 'done', result, rejected } }
      }
      case 'setValues':
        return done(setValues(store, testScope, operation.values, now))
      case 'setRules':
        return done(setRules(store, testScope, operation.settings, now))
      case 'activateRule':
        return done(activateRule(store, testScope, operation.id, now))
      case 'cancelRule':
        return done(cancelRule(store, testScope, operation.id))
      case 'walk':
        return done(walkParameter(store, testScope, operation.id, now))
      case 'veto':
        return done(vetoLoosening(store, testScope, operation.id, now))
      case 'execute':
        return done(executeLoosening(store, testScope, operation.id, operation.epoch, now).store)
      case 'undo':
        return done(undoTightening(store, testScope, operation.id, operation.entry, now))
      case 'restrict':
        return done(restrictRule(store, testScope, operation.id, operation.rule, now))
    }
  } catch (error) {
    if (!(error instanceof RuleViolationError)) throw error
    return { store, outcome: { kind: 'reverted', error: error.context.error, args: error.context.args } }
  }
}

const ids = testCatalogue.parameters.filter(({ scopeKind }) => scopeKind === 'market').map(({ id }) => id)

describe('the rules in TypeScript against the contract', () => {
  it(`agree on ${ROUNDS} random rounds and the calls between them: codes, limits, errors, values, budgets, pendings, rules, history`, {
    timeout: deep ? 3_600_000 : 240_000,
  }, async () => {
    const codes = new Map<string, number>()
    const calls = new Map<string, number>()
    let rounds = 0
    for (let run = 0; rounds < ROUNDS; run++) {
      const chance = createChance(seed + run)
      const contents = firstContents(chance)
      const contract = await deployContractStore({ catalogue: testCatalogue, scope: testScope, contents, genesis: GENESIS, ...settings })
      let store = activateScope(emptyStore({ catalogue: testCatalogue, ...settings }), testScope, contents, GENESIS)
      let now = GENESIS
      for (let here = 0; here < ROUNDS_PER_STORE && rounds < ROUNDS; ) {
        now += randomPause(chance, store, now)
        const operation = randomOperation(chance, store, now)
        const twin = callTwin(store, operation, now)
        const real = await contract.call(operation, now)
        const about = `seed ${seed}, run ${run}, time ${now}: ${JSON.stringify(operation)}`
        expect(twin.outcome, about).toEqual(real)
        store = twin.store
        const touched = operation.kind === 'round' ? operation.items.map(({ id }) => id).filter((id) => ids.includes(id)) : ids
        for (const id of touched) expect(readParameter(store, testScope, id, now), about).toEqual(await contract.read(id))
        calls.set(`${operation.kind} ${real.kind}`, (calls.get(`${operation.kind} ${real.kind}`) ?? 0) + 1)
        if (real.kind === 'done') for (const { code } of real.rejected) codes.set(code, (codes.get(code) ?? 0) + 1)
        if (operation.kind === 'round') {
          here++
          rounds++
        }
      }
      for (const id of ids) {
        const { history } = store.scopes[testScope]![id]!
        expect(await contract.history(id, history.length), `history of ${id}, seed ${seed}, run ${run}`).toEqual(history)
      }
      await contract.chain.close()
    }
    const missed = rejections.filter((code) => code !== 'none' && !codes.has(code))
    expect(missed, `rejection codes that no round hit; ${JSON.stringify([...codes])} ${JSON.stringify([...calls])}`).toEqual([])
    for (const kind of ['round', 'setValues', 'setRules', 'activateRule', 'cancelRule', 'walk', 'veto', 'execute', 'undo', 'restrict']) {
      expect(calls.get(`${kind} done`) ?? 0, `${kind} never succeeded; ${JSON.stringify([...calls])}`).toBeGreaterThan(0)
    }
  })
})
