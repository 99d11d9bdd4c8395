export { BallastError, FatalError, RetryableError } from './BallastError.ts'
export { ConfigurationError, type ConfigurationProblem } from './ConfigurationError.ts'
export { InvalidInputError } from './InvalidInputError.ts'
export { OutOfRangeError } from './OutOfRangeError.ts'
