/**
 * Constants of the kernel's arithmetic, in the order in which they stand at the start of its memory; both engines read them there. assembly/constants.as and
 * twin/constants.ts number them.
 *
 * The polynomials are our own: Chebyshev series at 80 nodes in 50-digit arithmetic, cut at the degree given, expanded in powers, each coefficient rounded to
 * a double. test/risk/kernel/constants.test.ts measures them against whole-number arithmetic.
 */

/** Ascending, in u = (z - 4.5) / (z + 4.5), of (1 + 2 z) e^(z^2) erfc(z) for z in [0, 26.6]; degree 21, relative error 1.2e-16 with the rounding of the coefficients. */
const tail = [
  1.224848042738414, -0.13670709985543733, 0.03334406396823223, 0.043372220058792474, -0.08357835444796524, 0.09033360602760278,
  -0.07519744543802984, 0.05161384328990345, -0.029681792282565584, 0.014166837728116086, -0.00540421767886688, 0.0014843204612382782,
  -0.00018218769658305767, -6.778216558830298e-5, 4.405908974193431e-5, -7.826800428229991e-6, -2.5338129683752723e-6, 1.641579760057312e-6,
  -8.014768833922127e-8, -1.9510324118248493e-7, 2.939258093470952e-8, 1.84635839054055e-8,
]

/** Ascending, in r, of (e^r - 1 - r) / r^2 for |r| <= 1.001 ln 2 / 2; degree 9, relative error of e^r 1.7e-17. */
const exp = [
  0.5000000000000001, 0.1666666666666667, 0.04166666666662382, 0.008333333333326082, 0.0013888888917368964, 0.00019841269875003973,
  2.4801521055364205e-5, 2.7557255168123062e-6, 2.76202026313159e-7, 2.5105313423078524e-8,
]

/** Ascending, in s = f^2, of (ln((1 + f) / (1 - f)) - 2 f) / f^3 for |f| <= 0.1717; degree 6, relative error of the logarithm 4.2e-18. */
const log = [
  0.666666666666667, 0.3999999999989777, 0.28571428626733336, 0.22222211014859694, 0.18182897642132662, 0.1533144456452515,
  0.14619811064881155,
]

const others = [
  0.6931471803691238, // ln 2, its first 32 bits
  1.9082149292705877e-10, // and the rest
  1.4426950408889634, // 1 / ln 2
  6755399441055744, // 3 x 2^51: added to a number of moderate size it leaves the nearest whole number in the low bits
  4.5, // centre of the tail's variable
  Math.SQRT1_2,
  Math.SQRT2,
  0.3989422804014327, // 1 / sqrt(2 pi), the density at zero
  36, // standard deviations at which arguments of the tail are cut: beyond, values are below 1e-282 and would soon be subnormal, which slows the loops down
  1e-100, // deviation below which an option is its payoff
  36, // standard deviations from the strike beyond which it is, too
  0.5,
  1,
  2,
  1e-200, // time below which decay is not resolved
]

/** First guess of an implied deviation: the fits of risk/pricing/impliedVol/guessDeviation.ts and the bounds between which one step from it is enough. */
const implied = [
  2.5066282746310002, // sqrt(2 pi)
  0.0405, // time value over |F - K| above which the guess starts from the straddle
  1.000059285340959,
  -1.6782023465279545,
  0.4489204180216189,
  -2.1756437207828876,
  1.0601067210606547,
  0.6188701692133468,
  0.02499069704914001,
  -0.3146746593319869,
  0.23165956082274702,
  -0.20796409476200856,
  0.22885324260110643,
  3.153261682620681e-5,
  0.0003346349655525765,
  -0.08758714148664838,
  0.0006086449482884463,
  -0.12900803761045976,
  0.0016453788173035097,
  1 / 3,
  1 / 5,
  1 / 7,
  1 / 9,
  0.6931471805599453, // ln 2
  1022.5,
  1e-9, // range of prices of the underlying
  1e15,
  100, // largest time
  0.38, // missing share of the largest time value below which the guess is too coarse
  3, // |ln(F / K)| up to which the guess is good
  6, // square of the normal deviation up to which it is
  0.003, // deviation below which differences of the tail cancel
  1.2e-3, // largest last step: the method is of fifth order
  0.05, // largest argument of the short logarithm
  -600, // exponent down to which e^x keeps its bits
  1.4210854715202004e-14, // 2^-46: time value over price below which rounding decides
  1e-290, // least time value over sqrt(F K), and over |F - K|
  -0.5,
  0.25,
  1.5,
  12,
  1 / 24,
  1 / 6,
  -3,
]

export const kernelConstants: readonly number[] = [...tail, ...exp, ...log, ...others, ...implied]
