// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, ChainId, FUTURE_LEG, Holdings, InstrumentId, instrumentOf, optionOf} from "../interfaces/ClearingTypes.sol";
import {IChains} from "../interfaces/IChains.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IPayoff} from "../interfaces/IPayoff.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";

/// @title Settlement of expired chains
/// @dev An instrument is struck at its first settled position: all it pays, both sides at once, is in the group's sums from then on.
contract Settlement is ISettlement {
    ILedger private immutable LEDGER;
    IChains private immutable CHAINS;

    /// @dev A chain's final price and strikes.
    struct Final {
        ChainId chain;
        uint256 price;
        uint128[] strikes;
        IPayoff payoff;
    }

    constructor(ILedger ledger, IChains chains) {
        (LEDGER, CHAINS) = (ledger, chains);
    }

    /// @inheritdoc ISettlement
    function settle(ChainId chain, AccountId[] calldata accounts) external returns (int256[] memory payments) {
        Final memory last;
        (last.chain, last.price) = (chain, CHAINS.settlementOf(chain));
        if (last.price == 0) revert Settlement_NotFinal(chain);
        (last.strikes, last.payoff) = CHAINS.strikesOf(chain);
        payments = new int256[](accounts.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            payments[i] = _settleAccount(last, accounts[i]);
        }
    }

    function _settleAccount(Final memory last, AccountId account) private returns (int256 payment) {
        (uint256[] memory page, uint256 positions) = _pageOf(LEDGER.holdingsOf(account), last.chain);
        if (positions == 0) return 0;
        for (uint256 i = 0; i < positions; ++i) {
            uint8 leg = uint8(page[i / 5] >> (48 * (i % 5)));
            InstrumentId instrument = instrumentOf(last.chain, leg);
            if (!LEDGER.isStruck(instrument)) LEDGER.strike(instrument, _valueOf(last, instrument, leg));
            payment += LEDGER.settlePosition(account, instrument);
        }
        emit AccountSettled(last.chain, account, positions, payment);
    }

    /// @dev USD, wad, of one contract to its buyer; of a future less its reference.
    function _valueOf(Final memory last, InstrumentId instrument, uint8 leg) private view returns (int256) {
        if (leg == FUTURE_LEG) return int256(last.price) - int256(LEDGER.referenceOf(instrument));
        (uint256 strike, bool isCall) = optionOf(leg);
        return int256(last.payoff.payoff(last.strikes[strike], isCall, last.price));
    }

    /// @return page Words of the chain's positions.
    /// @return positions In it.
    function _pageOf(Holdings memory holdings, ChainId chain) private pure returns (uint256[] memory page, uint256 positions) {
        uint256 word;
        for (uint256 i = 0; i < holdings.chains.length * 4; ++i) {
            uint256 entry = holdings.chains[i / 4] >> (64 * (i % 4));
            positions = uint8(entry >> 56);
            uint256 words = (positions + 4) / 5;
            if (uint32(entry) == ChainId.unwrap(chain)) {
                page = new uint256[](words);
                for (uint256 w = 0; w < words; ++w) {
                    page[w] = holdings.pages[word + w];
                }
                return (page, positions);
            }
            word += words;
        }
        return (page, 0);
    }
}
