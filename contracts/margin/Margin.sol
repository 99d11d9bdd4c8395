// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Holdings} from "../interfaces/ClearingTypes.sol";
import {IChains} from "../interfaces/IChains.sol";
import {Collateral, ICollaterals} from "../interfaces/ICollaterals.sol";
import {Assessment, Footing, IMargin, Pass} from "../interfaces/IMargin.sol";
import {IMarketMargin, MarketQuery, MarketRule, MarketTotals} from "../interfaces/IMarketMargin.sol";
import {IPriceFeed, PriceStatus} from "../interfaces/IPriceFeed.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ScopeId} from "../interfaces/ParameterTypes.sol";
import {BetaLadder} from "./BetaLadder.sol";
import {MarginParameters} from "./MarginParameters.sol";

/// @title Portfolio margin over packed holdings
/// @dev This contract reads parameters, prices and records and puts markets together; {IMarketMargin}, fixed when deployed, judges each.
contract Margin is IMargin, MarginParameters {
    uint256 private constant WAD = 1e18;
    uint256 private constant BPS = 10_000;
    /// @dev What an asset without a ladder falls by in every state: a stable one by this much at least, any by its haircut and three tenths (risk-policy B9).
    uint256 private constant LEAST_FALL = 1_200;
    uint256 private constant WRONG_WAY = 13_000;
    uint256 private constant LEAST_WIDENING = 1.1e18;
    uint256 private constant MOST_WIDENING = 1.5e18;

    IPriceFeed private immutable FEED;
    IMarketMargin private immutable VALUER;
    IChains private immutable CHAINS;
    ICollaterals private immutable COLLATERALS;

    /// @dev One market of an account.
    struct Market {
        uint256 number;
        MarketQuery query;
        uint256 targetCut; // what the target haircut takes off besides, wad units
        bool fresh;
    }

    /// @dev One account while it is assessed.
    struct Account {
        Pass pass;
        uint256 head;
        Footing footing;
        int256 equity; // cash, settled chains, assets without a ladder
        uint256 charged; // what assets without a ladder are asked for
        uint256 targetCut; // USD: what target haircuts take off the equity that backs new risk
        uint256 gainsCap; // bps
        int256 contributed;
        Market[] markets;
    }

    constructor(IRiskParameters parameters, IPriceFeed feed, IMarketMargin valuer, IChains chains, ICollaterals collaterals)
        MarginParameters(parameters)
    {
        FEED = feed;
        VALUER = valuer;
        CHAINS = chains;
        COLLATERALS = collaterals;
    }

    /// @inheritdoc IMargin
    function refresh(ScopeId scope) external {
        _refresh(scope);
    }

    /// @inheritdoc IMargin
    function assess(Holdings calldata holdings, Pass pass) external view returns (Assessment memory result) {
        Account memory account;
        account.pass = pass;
        account.head = _head();
        account.footing = Footing.PROVED;
        account.equity = holdings.cash - holdings.futuresCost;
        account.contributed = holdings.contributed;
        account.gainsCap = _gainsCapOf(holdings.group, account.head);
        _readChains(account, holdings.chains, holdings.pages);
        _readCollateral(account, holdings.group, holdings.collateral);
        _readPrices(account);
        result = _evaluate(account);
        _otherPrice(account, result);
    }

    /// @inheritdoc IMargin
    function markOf(uint64 instrument) external view returns (uint256 mark, Footing footing) {
        uint256[] memory chains = new uint256[](1);
        uint256[] memory pages = new uint256[](1);
        chains[0] = instrument >> 32 | 1 << 56;
        pages[0] = uint8(instrument) | 10_000 << 8;
        Account memory account;
        account.head = _head();
        account.footing = Footing.PROVED;
        _readChains(account, chains, pages);
        _readPrices(account);
        int256 value;
        (value, footing) = VALUER.valueOf(account.markets[0].query);
        if (value > 0) mark = uint256(value);
        if (account.footing < footing) footing = account.footing;
    }

    // ------------------------------------------------------------------ positions

    /// @dev Deals chains and their pages out to their markets.
    function _readChains(Account memory account, uint256[] memory chains, uint256[] memory pages) private view {
        unchecked {
            account.markets = new Market[](0);
            uint256 count = 4 * chains.length;
            while (count != 0 && uint32(chains[(count - 1) / 4] >> 64 * ((count - 1) % 4)) == 0) --count;
            if (count == 0) return;
            uint256[] memory records = CHAINS.wordsOf(chains);
            uint256 page;
            for (uint256 i; i < count; ++i) {
                uint256 field = uint64(chains[i / 4] >> 64 * (i % 4));
                uint256 number = uint16(records[i]);
                if (number == 0) revert Margin_UnknownChain(uint32(field));
                uint256 words = ((field >> 56) + 4) / 5;
                if (page + words > pages.length) revert Margin_PageMissing(uint32(field), pages.length);
                MarketQuery memory query = _marketAt(account, number).query;
                if (query.records.length == 0) {
                    // As long as they can become; cut below.
                    query.records = _emptyList(count);
                    query.chains = _emptyList(count);
                    query.pages = _emptyList(pages.length);
                }
                _append(query.records, records[i]);
                _append(query.chains, field);
                for (uint256 end = page + words; page < end; ++page) {
                    _append(query.pages, pages[page]);
                }
            }
        }
    }

    /// @dev A list of length zero with room for `room` words.
    function _emptyList(uint256 room) private pure returns (uint256[] memory list) {
        list = new uint256[](room);
        assembly ("memory-safe") {
            mstore(list, 0)
        }
    }

    /// @dev The list has room.
    function _append(uint256[] memory list, uint256 word) private pure {
        assembly ("memory-safe") {
            let count := add(mload(list), 1)
            mstore(add(list, shl(5, count)), word)
            mstore(list, count)
        }
    }

    /// @dev The market, with its rule; added when the account had none.
    function _marketAt(Account memory account, uint256 number) private view returns (Market memory market) {
        unchecked {
            uint256 count = account.markets.length;
            // In the order of their numbers, so that the order of chains changes nothing.
            uint256 place;
            for (; place < count && account.markets[place].number <= number; ++place) {
                if (account.markets[place].number == number) return account.markets[place];
            }
            Market[] memory markets = new Market[](count + 1);
            for (uint256 i; i < count; ++i) {
                markets[i < place ? i : i + 1] = account.markets[i];
            }
            market = markets[place];
            market.number = number;
            market.query.scope = CHAINS.marketOf(uint16(number));
            market.query.rule = _ruleOf(market.query.scope, account.pass, account.head);
            account.markets = markets;
        }
    }

    // ------------------------------------------------------------------ collateral

    function _readCollateral(Account memory account, ScopeId group, uint256[] memory amounts) private view {
        for (uint256 i; i < amounts.length; ++i) {
            if (amounts[i] == 0) continue;
            uint256 listed = COLLATERALS.countOf(group);
            if (i >= listed) revert Margin_UnknownCollateral(amounts.length, listed);
            Collateral memory asset = COLLATERALS.collateralAt(group, i);
            (uint256 effective, uint256 target) = _haircutOf(asset.asset, account.head);
            uint256 units = amounts[i] * 10 ** (18 - asset.decimals);
            uint256 cut = target > effective ? units * (target - effective) / BPS : 0;
            if (asset.market != 0) {
                Market memory market = _marketAt(account, asset.market);
                market.query.units += units * (BPS - effective) / BPS;
                market.targetCut += cut;
            } else {
                _addAsset(account, asset.feed, units, cut, effective);
            }
        }
    }

    /// @dev An asset without a ladder is cut in every state instead of revalued.
    function _addAsset(Account memory account, ScopeId feed, uint256 units, uint256 cut, uint256 haircut) private view {
        (uint256 price,) = _priceOf(account, feed, _ruleOf(feed, account.pass, account.head).maxAge);
        uint256 fall = Math.min(BPS, Math.max(LEAST_FALL, Math.ceilDiv(haircut * WRONG_WAY, BPS)));
        account.equity += int256(Math.mulDiv(units * (BPS - haircut) / BPS, price, WAD));
        account.charged += Math.mulDiv(units * (fall - haircut), price, WAD * BPS, Math.Rounding.Ceil);
        account.targetCut += Math.mulDiv(cut, price, WAD, Math.Rounding.Ceil);
    }

    // ------------------------------------------------------------------ prices

    function _readPrices(Account memory account) private view {
        unchecked {
            for (uint256 i; i < account.markets.length; ++i) {
                Market memory market = account.markets[i];
                MarketQuery memory query = market.query;
                uint256 excess;
                (query.price, excess) = _priceOf(account, query.scope, query.rule.maxAge);
                market.fresh = excess == 0;
                query.inGroup = account.markets.length > 1;
                if (excess != 0 && account.pass == Pass.INITIAL) _widen(query.rule, excess - 1);
            }
        }
    }

    /// @return price What the pass goes by, USD wad.
    /// @return excess Zero for a fresh price, else a second more than its age beyond maxAge.
    function _priceOf(Account memory account, ScopeId scope, uint256 maxAge) private view returns (uint256 price, uint256 excess) {
        PriceStatus status;
        uint48 observedAt;
        (price, observedAt, status) = FEED.quoteOf(scope, maxAge);
        if (status == PriceStatus.FRESH) return (price, 0);
        uint256 age = block.timestamp - observedAt;
        bool gone = status == PriceStatus.UNAVAILABLE || age > 4 * maxAge;
        _lower(account, gone ? Footing.NONE : Footing.STALE);
        if (gone || account.pass == Pass.MAINTENANCE) {
            (uint128 recorded, uint48 time) = FEED.lastOf(scope);
            // Before the first record there is only the DAO's anchor: worse than any answer.
            if (gone || time != 0) price = recorded;
        }
        if (price == 0) {
            _lower(account, Footing.NONE);
            price = 1;
        }
        excess = 1 + (age > maxAge ? age - maxAge : 0);
    }

    /// @dev Risk-policy B10: both scans, at least 1.1 and at most 1.5 times, and less than the whole price.
    function _widen(MarketRule memory rule, uint256 excess) private pure {
        uint256 factor = Math.sqrt((WAD + Math.min(excess, 10 days) * WAD / 1 days) * WAD);
        factor = Math.min(MOST_WIDENING, Math.max(LEAST_WIDENING, factor));
        rule.range = Math.min(WAD - 1e9, rule.range * factor / WAD);
        rule.volScanUp = Math.ceilDiv(rule.volScanUp * factor, WAD);
    }

    /// @dev Flags go by the milder of price and median, new risk by the worse; read only where it can change the answer.
    function _otherPrice(Account memory account, Assessment memory result) private view {
        bool maintenance = account.pass == Pass.MAINTENANCE;
        if (result.free < 0 != maintenance) return;
        bool differs;
        for (uint256 i; i < account.markets.length; ++i) {
            Market memory market = account.markets[i];
            if (!market.fresh) continue;
            (uint256 median,) = FEED.medianOf(market.query.scope);
            if (median == 0 || median == market.query.price) continue;
            market.query.price = median;
            differs = true;
        }
        if (!differs) return;
        Assessment memory other = _evaluate(account);
        if (maintenance ? other.free <= result.free : other.free >= result.free) return;
        assembly ("memory-safe") {
            // `result` is the caller's return variable, so what it points to is replaced, word by word: ten of them.
            mcopy(result, other, 320)
        }
    }

    // ------------------------------------------------------------------ the figures

    function _evaluate(Account memory account) private view returns (Assessment memory result) {
        unchecked {
            uint256 count = account.markets.length;
            MarketTotals[] memory totals = new MarketTotals[](count);
            result.equity = account.equity;
            uint256 floors;
            uint256 largest;
            uint256 targetCut = account.targetCut;
            for (uint256 i; i < count; ++i) {
                Market memory market = account.markets[i];
                MarketTotals memory t = VALUER.assess(market.query);
                totals[i] = t;
                _lower(account, t.footing);
                result.equity += t.equity;
                result.requirement += t.required;
                floors += t.floor;
                result.delta += t.delta;
                result.gamma += t.gamma;
                result.vega += t.vega;
                result.notional += t.notional;
                result.deltaNotional += t.deltaNotional;
                targetCut += Math.mulDiv(market.targetCut, market.query.price, WAD, Math.Rounding.Ceil);
                if (t.required > largest) {
                    largest = t.required;
                    result.binding.rule = uint8(t.rule);
                    result.binding.market = uint16(market.number);
                    result.binding.price = t.price;
                    result.binding.volState = uint8(t.volState);
                    result.binding.loss = t.loss;
                }
            }
            result.vega /= 100;
            if (count > 1) result.requirement = Math.max(floors, result.requirement - BetaLadder.credit(totals));
            result.requirement += account.charged;
            result.footing = account.footing;
            result.free = _counted(account, result, targetCut) - int256(result.requirement);
        }
    }

    /// @dev Equity that counts for the pass. For new risk: collateral at its target haircut, and gains since deposit up to a share of the requirement. The cap is
    /// on the account's gain as a whole, so that a hedge is not broken and a premium paid is never cut (risk-policy B6).
    function _counted(Account memory account, Assessment memory result, uint256 targetCut) private pure returns (int256 counted) {
        unchecked {
            counted = result.equity;
            if (account.pass == Pass.MAINTENANCE) return counted;
            counted -= int256(targetCut);
            int256 gains = result.equity - account.contributed;
            int256 ceiling = int256(result.requirement * account.gainsCap / BPS);
            if (gains > 0 && gains > ceiling) counted -= gains - ceiling;
        }
    }

    function _lower(Account memory account, Footing footing) private pure {
        if (footing < account.footing) account.footing = footing;
    }
}
