import { fileURLToPath } from 'node:url'
import hardhatIgnitionViem from '@nomicfoundation/hardhat-ignition-viem'
import hardhatViem from '@nomicfoundation/hardhat-viem'
import { defineConfig } from 'hardhat/config'

export default defineConfig({
  plugins: [hardhatViem, hardhatIgnitionViem],
  paths: { sources: './contracts', tests: { solidity: './test/contracts' } },
  solidity: {
    // The compiler comes from npm: an absolute path to the file itself, anything else makes Hardhat look for a download.
    version: '0.8.37',
    path: fileURLToPath(new URL('./node_modules/solc/soljson.js', import.meta.url)),
    settings: { viaIR: true, evmVersion: 'cancun', optimizer: { enabled: true, runs: 200 } },
  },
})
