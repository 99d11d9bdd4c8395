// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMargin, Pass} from "../interfaces/IMargin.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ParamId, ScopeId} from "../interfaces/ParameterTypes.sol";
import {MarketRule} from "../interfaces/IMarketMargin.sol";

/// @title Parameters as margin reads them: from packed copies while nothing has been written, else from the store
/// @notice A copy is good for exactly one head of the store's hash chain, which every write, rule and import moves, so it can never be old. It holds targets; a
/// parameter whose effective value differed when the copy was made is marked and read live, since a ramp moves without a write. Why: docs/decisions/0015-margin-on-chain.md.
abstract contract MarginParameters {
    IRiskParameters internal immutable PARAMETERS;

    ParamId private constant HAIRCUT = ParamId.wrap("collateral.haircut");
    ParamId private constant GAINS_CAP = ParamId.wrap("margin.gainsCap");
    uint256 private constant BPS = 10_000;
    uint256 private constant FIELDS = 13;
    /// @dev Fields that may ramp, by position in {_idAt}.
    uint256 private constant RAMPED = 5;

    /// @dev Markets. `values`: eleven fields of 16 bits, then `oracle.maxAge` (32). `stamp`: head (128), `market.depth` (48), `market.vegaDepth` (48), marks of
    /// ramping fields (8). Assets and groups: one field of 16 bits, head above it.
    struct Copy {
        uint256 stamp;
        uint256 values;
    }

    mapping(ScopeId scope => Copy) private _copies;

    constructor(IRiskParameters parameters) {
        PARAMETERS = parameters;
    }

    /// @dev Of the store's hash chain, 128 bits: enough that no two heads are taken for one.
    function _head() internal view returns (uint256) {
        (bytes28 hash,) = PARAMETERS.head();
        return uint128(uint224(hash));
    }

    /// @param head From {_head}.
    function _ruleOf(ScopeId scope, Pass pass, uint256 head) internal view returns (MarketRule memory rule) {
        uint256 stamp = _copies[scope].stamp;
        uint256[FIELDS + 1] memory fields;
        uint256 ramping;
        bool copied = uint128(stamp) == head;
        if (copied) {
            uint256 values = _copies[scope].values;
            for (uint256 i; i < 11; ++i) {
                fields[i] = uint16(values >> 16 * i);
            }
            fields[11] = uint48(stamp >> 128);
            fields[12] = uint48(stamp >> 176);
            fields[13] = values >> 176;
            ramping = stamp >> 224;
        } else {
            for (uint256 i; i <= FIELDS; ++i) {
                fields[i] = PARAMETERS.valueOf(scope, _idAt(i));
            }
            ramping = (1 << RAMPED) - 1;
        }
        if (pass == Pass.MAINTENANCE && ramping != 0) {
            for (uint256 i; i < RAMPED; ++i) {
                if (ramping >> i & 1 == 1) fields[i] = PARAMETERS.effectiveOf(scope, _idAt(i));
            }
        }
        bool initial = pass == Pass.INITIAL;
        if (initial && fields[5] > fields[0]) fields[0] = fields[5];
        rule.range = fields[0] * 1e14;
        rule.volScanUp = fields[1];
        rule.volScanDown = fields[2];
        rule.shortOptionMinimum = fields[3];
        rule.tailWeight = fields[4];
        rule.multiplier = initial ? fields[6] : BPS;
        rule.deltaAddOn = fields[7];
        rule.gammaAddOn = fields[8];
        rule.vegaAddOn = fields[9];
        rule.residual = fields[10];
        rule.depth = fields[11];
        rule.vegaDepth = fields[12];
        rule.maxAge = fields[13];
    }

    /// @return effective Haircut of an asset in effect, bps.
    /// @return target What it is moving to.
    function _haircutOf(ScopeId asset, uint256 head) internal view returns (uint256 effective, uint256 target) {
        uint256 stamp = _copies[asset].stamp;
        if (uint128(stamp) != head) return (PARAMETERS.effectiveOf(asset, HAIRCUT), PARAMETERS.valueOf(asset, HAIRCUT));
        target = uint16(stamp >> 128);
        effective = stamp >> 144 == 0 ? target : PARAMETERS.effectiveOf(asset, HAIRCUT);
    }

    /// @return Share of the initial margin up to which gains since deposit back new risk, bps.
    function _gainsCapOf(ScopeId group, uint256 head) internal view returns (uint256) {
        uint256 stamp = _copies[group].stamp;
        return uint128(stamp) == head ? stamp >> 128 : PARAMETERS.valueOf(group, GAINS_CAP);
    }

    function _refresh(ScopeId scope) internal {
        uint8 kind = uint8(uint256(ScopeId.unwrap(scope)) >> 248);
        uint256 head = _head();
        if (kind == 2) _refreshMarket(scope, head);
        else if (kind == 3) _refreshAsset(scope, head);
        else if (kind == 4) _copies[scope].stamp = head | uint256(PARAMETERS.valueOf(scope, GAINS_CAP)) << 128;
        else revert IMargin.Margin_NotAScope(scope);
        emit IMargin.ParametersCopied(scope, bytes16(uint128(head)));
    }

    function _refreshMarket(ScopeId scope, uint256 head) private {
        uint256 values;
        uint256 ramping;
        for (uint256 i; i < 11; ++i) {
            uint256 value = PARAMETERS.valueOf(scope, _idAt(i));
            if (value > type(uint16).max) revert IMargin.Margin_DoesNotFit(scope, _idAt(i), value, type(uint16).max);
            values |= value << 16 * i;
            if (i < RAMPED && PARAMETERS.effectiveOf(scope, _idAt(i)) != value) ramping |= 1 << i;
        }
        // The store holds 48 bits of a value; an age of 136 years is none.
        values |= uint256(uint32(PARAMETERS.valueOf(scope, _idAt(13)))) << 176;
        _copies[scope] = Copy({
            stamp: head | uint256(PARAMETERS.valueOf(scope, _idAt(11))) << 128 | uint256(PARAMETERS.valueOf(scope, _idAt(12))) << 176
                | ramping << 224,
            values: values
        });
    }

    function _refreshAsset(ScopeId scope, uint256 head) private {
        uint256 target = PARAMETERS.valueOf(scope, HAIRCUT);
        uint256 ramping = PARAMETERS.effectiveOf(scope, HAIRCUT) == target ? 0 : 1;
        _copies[scope].stamp = head | target << 128 | ramping << 144;
    }

    function _idAt(uint256 i) private pure returns (ParamId) {
        bytes32[14] memory ids = [
            bytes32("margin.priceScanRange"),
            "margin.volScanUp",
            "margin.volScanDown",
            "margin.shortOptionMinimum",
            "margin.tailWeight",
            "margin.initialRangeFloor",
            "margin.initialMultiplier",
            "margin.deltaAddOn",
            "margin.gammaAddOn",
            "margin.vegaAddOn",
            "margin.betaResidual",
            "market.depth",
            "market.vegaDepth",
            "oracle.maxAge"
        ];
        return ParamId.wrap(ids[i]);
    }
}
