import { fileURLToPath } from 'node:url'
import { defineConfig } from 'hardhat/config'

const deep = process.env['BALLAST_TEST_TIER'] === 'deep'

export default defineConfig({
  paths: { sources: './contracts', tests: { solidity: './test/contracts' } },
  solidity: {
    // The compiler comes from npm: an absolute path to the file itself, anything else makes Hardhat look for a download.
    version: '0.8.37',
    path: fileURLToPath(new URL('./node_modules/solc/soljson.js', import.meta.url)),
    settings: { viaIR: true, evmVersion: 'cancun', optimizer: { enabled: true, runs: 200 } },
    // Deployed as it is, so it needs an artifact of its own.
    npmFilesToBuild: ['@openzeppelin/contracts/governance/TimelockController.sol'],
    // Tests are compiled on their own, so that an ordinary start does not wait for them.
    splitTestsCompilation: true,
  },
  test: {
    solidity: {
      // One seed: the same inputs on every machine.
      fuzz: { runs: deep ? 5_000 : 256, seed: '0xba11a57' },
      invariant: { runs: deep ? 256 : 16, depth: deep ? 256 : 64, failOnRevert: false },
    },
  },
})
