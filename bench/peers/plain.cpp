// The plan of the kernel in ordinary C++: libm, straight loops, nothing by hand. Built with -O3 alone.
#include "common.hpp"

static double normalCdf(double x) { return 0.5 * std::erfc(-x * M_SQRT1_2); }

static double undiscounted(double sign, double forward, double strike, double deviation) {
  const double d1 = std::log(forward / strike) / deviation + 0.5 * deviation;
  return sign * (forward * normalCdf(sign * d1) - strike * normalCdf(sign * (d1 - deviation)));
}

static void greeks(Options& o) {
  for (int i = 0; i < BLOCK; i++) {
    const double sign = o.sign[i], F = o.forward[i], K = o.strike[i], T = o.time[i], vol = o.vol[i], r = o.rate[i];
    const double discount = std::exp(-r * T), rootTime = std::sqrt(T), deviation = vol * rootTime;
    const double d1 = std::log(F / K) / deviation + 0.5 * deviation, d2 = d1 - deviation;
    const double n1 = normalCdf(sign * d1), n2 = normalCdf(sign * d2);
    const double density = discount * 0.3989422804014327 * std::exp(-0.5 * d1 * d1);
    const double price = discount * sign * (F * n1 - K * n2), delta = discount * sign * n1;
    const double vega = F * density * rootTime, vanna = -density * d2 / vol;
    o.out[0][i] = price;
    o.out[1][i] = delta;
    o.out[2][i] = density / (F * deviation);
    o.out[3][i] = vega;
    o.out[4][i] = r * price - vega * vol / (2 * T);
    o.out[5][i] = -T * price;
    o.out[6][i] = vanna;
    o.out[7][i] = vega * d1 * d2 / vol;
    o.out[8][i] = r * delta - vanna * vol / (2 * T);
  }
}

static void fillTable(const Venue& v, std::vector<double>& table, int width) {
  for (int i = 0; i < v.instruments; i++) {
    const int e = v.expiry[i];
    const double mark = v.discount[e] * undiscounted(v.sign[i], v.forward[e], v.strike[i], v.vol[i] * v.rootTime[e]);
    for (int j = 0; j < v.scenarios; j++) {
      const double deviation = v.vol[i] * v.factor(v.volRow[j]) * v.rootTime[e];
      table[size_t(i) * width + j] = v.discount[e] * undiscounted(v.sign[i], v.forward[e] * (1 + v.move[j]), v.strike[i], deviation) - mark;
    }
  }
}

static void worstLosses(const Venue& v, const std::vector<double>& table, int width, std::vector<double>& losses) {
  std::vector<double> sums(width);
  for (int a = 0; a < v.accounts; a++) {
    std::fill(sums.begin(), sums.end(), 0);
    for (int p = a * v.positions; p < (a + 1) * v.positions; p++) {
      const double quantity = v.quantity[p];
      const double* row = &table[size_t(v.held[p]) * width];
      for (int j = 0; j < v.scenarios; j++) sums[j] += quantity * row[j];
    }
    double least = sums[0];
    for (int j = 1; j < v.scenarios; j++) least = sums[j] < least ? sums[j] : least;
    losses[a] = -least;
  }
}

static void shortfalls(const Venue& v, const std::vector<double>& table, int width, int rank, std::vector<double>& losses) {
  std::vector<double> sums(width);
  for (int a = 0; a < v.accounts; a++) {
    std::fill(sums.begin(), sums.end(), 0);
    for (int p = a * v.positions; p < (a + 1) * v.positions; p++) {
      const double quantity = v.quantity[p];
      const double* row = &table[size_t(v.held[p]) * width];
      for (int j = 0; j < v.scenarios; j++) sums[j] += quantity * row[j];
    }
    std::nth_element(sums.begin(), sums.begin() + rank - 1, sums.begin() + v.scenarios);
    double tail = 0;
    for (int j = 0; j < rank; j++) tail += sums[j];
    losses[a] = -tail / rank;
  }
}

static double total(const std::vector<double>& values) {
  double sum = 0;
  for (double value : values) sum += value;
  return sum;
}

int main(int count, char** values) {
  if (asked(count, values, "greeks")) {
    Options o;
    report("greeks", 25, 1e9 / BLOCK / 100, [&] { for (int k = 0; k < 100; k++) greeks(o); });
    std::printf("check %.15g %.15g\n", total(o.out[0]), total(o.out[7]));
  }
  if (asked(count, values, "worst")) {
    const Venue v(100000, 81);
    std::vector<double> table(size_t(v.instruments) * 88), losses(v.accounts);
    report("worst", 7, 1e3, [&] { fillTable(v, table, 88); worstLosses(v, table, 88, losses); });
    report("table", 7, 1e3, [&] { fillTable(v, table, 88); });
    std::printf("check %.15g 0\n", total(losses));
  }
  if (asked(count, values, "shortfall")) {
    const Venue v(100000, 1000);
    std::vector<double> table(size_t(v.instruments) * 1000), losses(v.accounts);
    fillTable(v, table, 1000);
    report("shortfall", 2, 1e3, [&] { shortfalls(v, table, 1000, 25, losses); });
    std::printf("check %.15g 0\n", total(losses));
  }
}
