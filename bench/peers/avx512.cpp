// The plan of the kernel by hand for AVX-512: eight lanes, fused multiply-add, all sums of an account in registers. Built with -O3 -march=native.
// The arithmetic is the kernel's own (risk/kernel/assembly), with its polynomials.
#include "common.hpp"

#include <immintrin.h>

using V = __m512d;
static inline V all(double x) { return _mm512_set1_pd(x); }
static inline V fma(V a, V b, V c) { return _mm512_fmadd_pd(a, b, c); }

static const double TAIL[22] = {
    1.224848042738414, -0.13670709985543733, 0.03334406396823223, 0.043372220058792474, -0.08357835444796524, 0.09033360602760278,
    -0.07519744543802984, 0.05161384328990345, -0.029681792282565584, 0.014166837728116086, -0.00540421767886688, 0.0014843204612382782,
    -0.00018218769658305767, -6.778216558830298e-5, 4.405908974193431e-5, -7.826800428229991e-6, -2.5338129683752723e-6, 1.641579760057312e-6,
    -8.014768833922127e-8, -1.9510324118248493e-7, 2.939258093470952e-8, 1.84635839054055e-8};
static const double EXP[10] = {0.5000000000000001, 0.1666666666666667, 0.04166666666662382, 0.008333333333326082, 0.0013888888917368964,
    0.00019841269875003973, 2.4801521055364205e-5, 2.7557255168123062e-6, 2.76202026313159e-7, 2.5105313423078524e-8};
static const double LOG[7] = {0.666666666666667, 0.3999999999989777, 0.28571428626733336, 0.22222211014859694, 0.18182897642132662,
    0.1533144456452515, 0.14619811064881155};

/** Even and odd powers apart, so that two chains run at once. */
template <int N>
static inline V polynomial(const double (&c)[N], V x) {
  const V square = _mm512_mul_pd(x, x);
  constexpr int E = (N - 1) & ~1, O = (N & 1) ? N - 2 : N - 1;
  V even = all(c[E]), odd = all(c[O]);
  for (int k = E - 2; k >= 0; k -= 2) even = fma(even, square, all(c[k]));
  for (int k = O - 2; k >= 1; k -= 2) odd = fma(odd, square, all(c[k]));
  return fma(odd, x, even);
}

static inline V exponential(V y) {
  const V n = _mm512_roundscale_pd(_mm512_mul_pd(y, all(1.4426950408889634)), 0);
  const V r = fma(n, all(-1.9082149292705877e-10), fma(n, all(-0.6931471803691238), y));
  const V growth = _mm512_add_pd(all(1), fma(_mm512_mul_pd(r, r), polynomial(EXP, r), r));
  return _mm512_scalef_pd(growth, n);
}

static inline V logOfRatio(V a, V b) {
  const V ratio = _mm512_div_pd(a, b);
  const V m0 = _mm512_getmant_pd(ratio, _MM_MANT_NORM_p75_1p5, _MM_MANT_SIGN_src);
  const V n = _mm512_getexp_pd(_mm512_div_pd(ratio, m0));
  const V f = _mm512_div_pd(_mm512_sub_pd(m0, all(1)), _mm512_add_pd(m0, all(1)));
  const V s = _mm512_mul_pd(f, f);
  return fma(n, all(0.6931471803691238), fma(f, all(2), fma(_mm512_mul_pd(f, s), polynomial(LOG, s), _mm512_mul_pd(n, all(1.9082149292705877e-10)))));
}

static inline V scaledTail(V y) {
  const V z = _mm512_mul_pd(y, all(M_SQRT1_2));
  const V u = _mm512_div_pd(_mm512_sub_pd(z, all(4.5)), _mm512_add_pd(z, all(4.5)));
  const V half = _mm512_div_pd(all(0.5), fma(z, all(2), all(1)));
  return _mm512_mul_pd(polynomial(TAIL, u), half);
}

struct Parts { V near, far, a, nearTail, farTail, value; __mmask8 below; };

static inline Parts parts(V sign, V F, V K, V x, V deviation, V inverse) {
  Parts p;
  const V lesser = _mm512_min_pd(F, K);
  const V w = _mm512_mul_pd(_mm512_abs_pd(x), inverse), h = _mm512_mul_pd(deviation, all(0.5));
  p.near = _mm512_max_pd(_mm512_min_pd(_mm512_sub_pd(h, w), all(37.5)), all(-37.5));
  p.far = _mm512_min_pd(_mm512_add_pd(h, w), all(37.5));
  p.a = _mm512_mul_pd(lesser, exponential(_mm512_mul_pd(_mm512_mul_pd(p.near, p.near), all(-0.5))));
  p.nearTail = scaledTail(_mm512_abs_pd(p.near));
  p.farTail = scaledTail(p.far);
  p.below = _mm512_cmp_pd_mask(p.near, all(0), _CMP_LT_OQ);
  const V under = _mm512_mul_pd(p.a, _mm512_sub_pd(p.nearTail, p.farTail));
  const V over = _mm512_fnmadd_pd(p.a, _mm512_add_pd(p.nearTail, p.farTail), lesser);
  const V timeValue = _mm512_max_pd(_mm512_mask_blend_pd(p.below, over, under), all(0));
  p.value = _mm512_add_pd(_mm512_max_pd(_mm512_mul_pd(sign, _mm512_sub_pd(F, K)), all(0)), timeValue);
  return p;
}

static void greeks(Options& o) {
  for (int i = 0; i < BLOCK; i += 8) {
    const V sign = _mm512_loadu_pd(&o.sign[i]), F = _mm512_loadu_pd(&o.forward[i]), K = _mm512_loadu_pd(&o.strike[i]);
    const V T = _mm512_loadu_pd(&o.time[i]), vol = _mm512_loadu_pd(&o.vol[i]), r = _mm512_loadu_pd(&o.rate[i]);
    const V discount = exponential(_mm512_mul_pd(_mm512_sub_pd(all(0), r), T)), rootTime = _mm512_sqrt_pd(T);
    const V deviation = _mm512_max_pd(_mm512_mul_pd(vol, rootTime), all(1e-100)), inverse = _mm512_div_pd(all(1), deviation);
    const V x = logOfRatio(F, K);
    const Parts p = parts(sign, F, K, x, deviation, inverse);
    const V price = _mm512_mul_pd(discount, p.value), inverseF = _mm512_div_pd(all(1), F);
    const __mmask8 dear = _mm512_cmp_pd_mask(x, all(0), _CMP_LT_OQ), call = _mm512_cmp_pd_mask(sign, all(0), _CMP_GT_OQ);
    const V tail = _mm512_mul_pd(_mm512_mul_pd(p.a, _mm512_mask_blend_pd(dear, p.farTail, p.nearTail)), inverseF);
    const V share = _mm512_mask_blend_pd(__mmask8((dear & p.below) ^ call), tail, _mm512_sub_pd(all(1), tail));
    const V delta = _mm512_mul_pd(discount, _mm512_mul_pd(sign, share));
    const V density = _mm512_mul_pd(discount, _mm512_mul_pd(p.a, all(0.3989422804014327)));
    const V d1 = _mm512_mask_blend_pd(dear, p.far, p.near);
    const V d2 = _mm512_sub_pd(d1, deviation), vega = _mm512_mul_pd(density, rootTime), perVol = _mm512_mul_pd(rootTime, inverse);
    const V vanna = _mm512_mul_pd(_mm512_mul_pd(_mm512_mul_pd(density, inverseF), d2), _mm512_sub_pd(all(0), perVol));
    const V decay = _mm512_div_pd(_mm512_mul_pd(vol, all(0.5)), _mm512_max_pd(T, all(1e-200)));
    _mm512_storeu_pd(&o.out[0][i], price);
    _mm512_storeu_pd(&o.out[1][i], delta);
    _mm512_storeu_pd(&o.out[2][i], _mm512_mul_pd(_mm512_mul_pd(density, inverse), _mm512_mul_pd(inverseF, inverseF)));
    _mm512_storeu_pd(&o.out[3][i], vega);
    _mm512_storeu_pd(&o.out[4][i], _mm512_fmsub_pd(r, price, _mm512_mul_pd(vega, decay)));
    _mm512_storeu_pd(&o.out[5][i], _mm512_mul_pd(_mm512_sub_pd(all(0), T), price));
    _mm512_storeu_pd(&o.out[6][i], vanna);
    _mm512_storeu_pd(&o.out[7][i], _mm512_mul_pd(vega, _mm512_mul_pd(_mm512_mul_pd(d1, d2), perVol)));
    _mm512_storeu_pd(&o.out[8][i], _mm512_fmsub_pd(r, delta, _mm512_mul_pd(vanna, decay)));
  }
}

static void fillTable(const Venue& v, double* table) {
  alignas(64) double factor[88], logs[88];
  int rows[88];
  for (int j = 0; j < 88; j++) {
    const int k = std::min(j, v.scenarios - 1);
    factor[j] = 1 + v.move[k];
    logs[j] = std::log1p(v.move[k]);
    rows[j] = v.volRow[k];
  }
  for (int i = 0; i < v.instruments; i++) {
    const int e = v.expiry[i];
    alignas(64) double deviations[88], inverses[88];
    for (int j = 0; j < 88; j++) {
      deviations[j] = v.vol[i] * v.factor(rows[j]) * v.rootTime[e];
      inverses[j] = 1 / deviations[j];
    }
    const V sign = all(v.sign[i]), F = all(v.forward[e]), K = all(v.strike[i]), discount = all(v.discount[e]);
    const V x = logOfRatio(F, K), deviation = all(v.vol[i] * v.rootTime[e]);
    const V mark = _mm512_mul_pd(discount, parts(sign, F, K, x, deviation, _mm512_div_pd(all(1), deviation)).value);
    for (int j = 0; j < 88; j += 8) {
      const V value = parts(sign, _mm512_mul_pd(F, _mm512_load_pd(factor + j)), K, _mm512_add_pd(x, _mm512_load_pd(logs + j)),
          _mm512_load_pd(deviations + j), _mm512_load_pd(inverses + j)).value;
      _mm512_store_pd(table + size_t(i) * 88 + j, _mm512_fmsub_pd(discount, value, mark));
    }
  }
}

static void worstLosses(const Venue& v, const double* table, std::vector<double>& losses) {
  for (int a = 0; a < v.accounts; a++) {
    V s[11];
    for (auto& sum : s) sum = _mm512_setzero_pd();
    for (int p = a * v.positions; p < (a + 1) * v.positions; p++) {
      const double* row = table + size_t(v.held[p]) * 88;
      const V quantity = all(v.quantity[p]);
#pragma GCC unroll 11
      for (int k = 0; k < 11; k++) s[k] = fma(quantity, _mm512_load_pd(row + 8 * k), s[k]);
    }
    V least = s[0];
    for (int k = 1; k < 11; k++) least = _mm512_min_pd(least, s[k]);
    losses[a] = -_mm512_reduce_min_pd(least);
  }
}

int main(int count, char** values) {
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq")) {
    std::puts("skipped 0 0");
    return 0;
  }
  const auto total = [](const std::vector<double>& numbers) {
    double sum = 0;
    for (double number : numbers) sum += number;
    return sum;
  };
  if (asked(count, values, "greeks")) {
    Options o;
    report("greeks", 25, 1e9 / BLOCK / 200, [&] { for (int k = 0; k < 200; k++) greeks(o); });
    std::printf("check %.15g %.15g\n", total(o.out[0]), total(o.out[7]));
  }
  if (asked(count, values, "worst")) {
    const Venue v(100000, 81);
    double* table = static_cast<double*>(std::aligned_alloc(64, size_t(v.instruments) * 88 * 8));
    std::vector<double> losses(v.accounts);
    report("worst", 15, 1e3, [&] { fillTable(v, table); worstLosses(v, table, losses); });
    report("table", 15, 1e3, [&] { fillTable(v, table); });
    std::printf("check %.15g 0\n", total(losses));
  }
}
