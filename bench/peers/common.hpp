// What the comparators share: the inputs of bench/kernelInputs.ts from the same generator, and timing.
#pragma once
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>
#include <vector>

struct Uniforms {
  uint64_t state;
  explicit Uniforms(uint64_t seed) : state(seed) {}
  double next() {
    state = state * 48271 % 2147483647;
    return double(state) / 2147483647;
  }
};

constexpr int BLOCK = 1000;

/** 1,000 options: forward 100, strikes 67 to 149, up to two years, vols 8 to 68 %. */
struct Options {
  std::vector<double> sign, forward, strike, time, vol, rate;
  std::vector<double> out[9];
  Options() : sign(BLOCK), forward(BLOCK, 100), strike(BLOCK), time(BLOCK), vol(BLOCK), rate(BLOCK, 0.03) {
    Uniforms u(1);
    for (int i = 0; i < BLOCK; i++) {
      sign[i] = i % 2 == 0 ? 1 : -1;
      strike[i] = 67 + 82 * u.next();
      time[i] = 0.02 + 1.98 * u.next();
      vol[i] = 0.08 + 0.6 * u.next();
    }
    for (auto& column : out) column.assign(BLOCK, 0);
  }
};

constexpr int EXPIRIES = 10;
constexpr int VOL_ROWS = 9;

/** A venue: accounts x 10 positions over 1,000 options; scenarios as a 9 x 9 grid of moves and vols, or 1,000 states. */
struct Venue {
  int accounts, positions, instruments, scenarios;
  std::vector<double> sign, strike, vol, move, forward, discount, rootTime, quantity;
  std::vector<int> expiry, volRow;
  std::vector<uint32_t> held;
  double factor(int row) const { return 1 + 0.1 * (row - 4); }
  Venue(int accounts_, int states) : accounts(accounts_), positions(10), instruments(1000), scenarios(states) {
    Uniforms u(2);
    for (int i = 0; i < instruments; i++) {
      sign.push_back(i % 2 == 0 ? 1 : -1);
      strike.push_back(2000 * (0.6 + 0.8 * u.next()));
      vol.push_back(0.3 + 0.6 * u.next());
      expiry.push_back(i % EXPIRIES);
    }
    for (int e = 0; e < EXPIRIES; e++) {
      forward.push_back(2000 + 5 * e);
      discount.push_back(1 - 0.002 * e);
      rootTime.push_back(std::sqrt(0.02 + 0.2 * e));
    }
    for (int j = 0; j < states; j++) {
      const bool grid = states == 81;
      move.push_back(grid ? 0.05 * (j / 9 - 4) : 0.3 * (u.next() + u.next() + u.next() - 1.5));
      volRow.push_back(j % VOL_ROWS);
    }
    held.resize(size_t(accounts) * positions);
    quantity.resize(held.size());
    const double stride = double(instruments) / positions;
    for (size_t k = 0; k < held.size(); k++) {
      const int p = int(k % positions);
      held[k] = uint32_t(std::floor(p * stride) + std::floor(u.next() * stride));
      quantity[k] = std::floor(200 * (u.next() - 0.5) + 0.5) / 10;
    }
  }
};

inline double processorSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

/** Runs `act` once unmeasured, then `runs` times; prints best and median by the clock and the best by processor time, times `perSecond`. */
template <typename Act>
void report(const char* name, int runs, double perSecond, Act act) {
  act();
  std::vector<double> times;
  double processor = 1e300;
  for (int r = 0; r < runs; r++) {
    const double used = processorSeconds();
    const auto start = std::chrono::steady_clock::now();
    act();
    times.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() * perSecond);
    processor = std::min(processor, (processorSeconds() - used) * perSecond);
  }
  std::sort(times.begin(), times.end());
  std::printf("%s %.6g %.6g %.6g\n", name, times.front(), times[times.size() / 2], processor);
}

inline bool asked(int count, char** values, const char* name) {
  for (int i = 1; i < count; i++)
    if (std::string_view(values[i]) == name) return true;
  return false;
}
