import { usageError } from '../kit/CliError.ts'

/** A number inside a range. Throws {CliError} for anything else, naming both. */
export function decimal(option: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+(\.\d+)?$/.test(text) || !(value >= least && value <= most))
      throw usageError(`${option} is ${JSON.stringify(text)}; it must be a number in [${least}, ${most}].`)
    return value
  }
}
