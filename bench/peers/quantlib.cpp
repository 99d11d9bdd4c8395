// The same work with QuantLib: BlackCalculator for Greeks, its implied vol, and one engine per option for the grid, as its users do.
#include "common.hpp"

#include <ql/exercise.hpp>
#include <ql/instruments/asianoption.hpp>
#include <ql/instruments/vanillaoption.hpp>
#include <ql/pricingengines/asian/mc_discr_arith_av_price.hpp>
#include <ql/pricingengines/blackcalculator.hpp>
#include <ql/pricingengines/blackformula.hpp>
#include <ql/pricingengines/vanilla/analyticeuropeanengine.hpp>
#include <ql/pricingengines/vanilla/qdfpamericanengine.hpp>
#include <ql/quotes/simplequote.hpp>
#include <ql/settings.hpp>
#include <ql/termstructures/volatility/equityfx/blackconstantvol.hpp>
#include <ql/termstructures/yield/flatforward.hpp>
#include <ql/time/calendars/nullcalendar.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>
#include <ql/version.hpp>

using namespace QuantLib;

int main(int count, char** values) {
  std::printf("version %s 0 0\n", QL_VERSION);
  const Date today(22, November, 2024);
  const DayCounter days = Actual365Fixed();
  if (asked(count, values, "greeks")) {
    Options o;
    report("greeks", 7, 1e9 / BLOCK / 10, [&] {
      for (int k = 0; k < 10; k++)
        for (int i = 0; i < BLOCK; i++) {
          const double T = o.time[i], discount = std::exp(-o.rate[i] * T);
          const BlackCalculator black(o.sign[i] > 0 ? Option::Call : Option::Put, o.strike[i], o.forward[i], o.vol[i] * std::sqrt(T), discount);
          o.out[0][i] = black.value();
          o.out[1][i] = black.delta(o.forward[i]);
          o.out[2][i] = black.gamma(o.forward[i]);
          o.out[3][i] = black.vega(T);
          o.out[4][i] = black.theta(o.forward[i], T);
          o.out[5][i] = black.rho(T);
        }
    });
  }
  if (asked(count, values, "implied")) {
    Options o;
    // The side out of the money: on the other QuantLib throws where rounding has left less than the payoff.
    const auto side = [&](int i) { return o.strike[i] >= o.forward[i] ? Option::Call : Option::Put; };
    std::vector<double> price(BLOCK);
    for (int i = 0; i < BLOCK; i++) price[i] = blackFormula(side(i), o.strike[i], o.forward[i], o.vol[i] * std::sqrt(o.time[i]));
    report("implied", 7, 1e9 / BLOCK, [&] {
      for (int i = 0; i < BLOCK; i++)
        o.out[0][i] = blackFormulaImpliedStdDev(side(i), o.strike[i], o.forward[i], price[i], 1, 0, Null<Real>(), 1e-12, 200);
    });
  }
  if (asked(count, values, "engine")) {
    // One engine per option of the venue; a scenario moves its quotes.
    const Venue v(10, 81);
    Settings::instance().evaluationDate() = today;
    const auto spot = ext::make_shared<SimpleQuote>(2000.0);
    const Handle<YieldTermStructure> flat(ext::make_shared<FlatForward>(today, 0.0, days));
    std::vector<VanillaOption> options;
    std::vector<ext::shared_ptr<SimpleQuote>> vols;
    for (int i = 0; i < v.instruments; i++) {
      // A vol quote of its own: a shared one would tell every option of every change.
      vols.push_back(ext::make_shared<SimpleQuote>(0.5));
      const auto process = ext::make_shared<BlackScholesMertonProcess>(Handle<Quote>(spot), flat, flat,
          Handle<BlackVolTermStructure>(ext::make_shared<BlackConstantVol>(today, NullCalendar(), Handle<Quote>(vols[i]), days)));
      const int length = int(365 * v.rootTime[v.expiry[i]] * v.rootTime[v.expiry[i]]);
      options.emplace_back(ext::make_shared<PlainVanillaPayoff>(v.sign[i] > 0 ? Option::Call : Option::Put, v.strike[i]),
          ext::make_shared<EuropeanExercise>(today + length));
      options.back().setPricingEngine(ext::make_shared<AnalyticEuropeanEngine>(process));
    }
    double sum = 0;
    report("engine", 2, 1e9 / (20.0 * v.instruments), [&] {
      for (int j = 0; j < 20; j++) {
        spot->setValue(2000 * (1 + v.move[4 * j]));
        for (int i = 0; i < v.instruments; i++) {
          vols[i]->setValue(v.vol[i] * v.factor(v.volRow[4 * j]));
          sum += options[i].NPV();
        }
      }
    });
    std::printf("check %.6g 0\n", sum);
  }
  const auto spot = ext::make_shared<SimpleQuote>(100.0);
  const auto curve = [&](double rate) { return Handle<YieldTermStructure>(ext::make_shared<FlatForward>(today, rate, days)); };
  const auto process = [&](double rate, double income, double vol) {
    return ext::make_shared<BlackScholesMertonProcess>(Handle<Quote>(spot), curve(income), curve(rate),
        Handle<BlackVolTermStructure>(ext::make_shared<BlackConstantVol>(today, NullCalendar(), vol, days)));
  };
  if (asked(count, values, "american")) {
    Settings::instance().evaluationDate() = today;
    VanillaOption option(ext::make_shared<PlainVanillaPayoff>(Option::Put, 100.0), ext::make_shared<AmericanExercise>(today, today + 365));
    const auto one = [&](const char* name, const ext::shared_ptr<QdFpIterationScheme>& scheme) {
      option.setPricingEngine(ext::make_shared<QdFpAmericanEngine>(process(0.05, 0.02, 0.3), scheme));
      double sum = 0;
      report(name, 7, 1e6 / 50, [&] {
        for (int k = 0; k < 50; k++) {
          spot->setValue(80 + 0.8 * k);
          sum += option.NPV();
        }
      });
    };
    one("americanFast", QdFpAmericanEngine::fastScheme());
    one("americanAccurate", QdFpAmericanEngine::accurateScheme());
  }
  if (asked(count, values, "asian")) {
    Settings::instance().evaluationDate() = today;
    std::vector<Date> fixings;
    for (int k = 1; k <= 12; k++) fixings.push_back(today + 30 * k);
    spot->setValue(100);
    DiscreteAveragingAsianOption option(Average::Arithmetic, 0, 0, fixings, ext::make_shared<PlainVanillaPayoff>(Option::Call, 100.0),
        ext::make_shared<EuropeanExercise>(today + 360));
    option.setPricingEngine(MakeMCDiscreteArithmeticAPEngine<LowDiscrepancy>(process(0.05, 0.02, 0.3)).withSamples(16383).withControlVariate(true).withBrownianBridge(true));
    double sum = 0;
    report("asian", 2, 1e9 / (16383.0 * 12), [&] {
      spot->setValue(spot->value() + 0.001);
      sum += option.NPV();
    });
  }
}
