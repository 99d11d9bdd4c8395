/** A test statistic and the probability, if the model is right, of one at least as large. */
export type TestResult = { readonly statistic: number; readonly pValue: number }
