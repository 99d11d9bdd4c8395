// Stands for `hardhat/hre` in the TypeScript tests of the instrumented copy: every chain they start records its probes.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { recordHits } from './recordHits.ts'

type Module = typeof import('hardhat/hre')

// By its file: under its name it would be this module.
const hardhat = (await import(pathToFileURL(createRequire(import.meta.url).resolve('hardhat/hre')).href)) as Module

export const createHardhatRuntimeEnvironment: Module['createHardhatRuntimeEnvironment'] = async (...options) => {
  const environment = await hardhat.createHardhatRuntimeEnvironment(...options)
  environment.hooks.registerHandlers('network', {
    onCoverageData: async (_context, words) => recordHits(words),
  })
  return environment
}
