// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {MarketRule} from "../interfaces/IMarketMargin.sol";
import {Black76} from "./Black76.sol";

/// @notice The states of one market, and what an account is worth in them: records of five words in memory, see {ScanCells}.
struct Cells {
    uint256 count;
    uint256 start;
}

/// @title The states an account is valued in
/// @notice 33 equally spaced prices over the range, each with vol up and down; eight far multiples with vol up; strikes that expire within two days, inside the
/// range, with both (risk-policy B2). Pure. The twin is `risk/margin/contract/scanCells.ts`.
/// @dev A record: price (USD wad), ln(price / spot) (64 binary digits), share of a loss that counts (wad), value with vol up, value with vol down (USD wad).
library ScanCells {
    uint256 internal constant SIDE = 16;
    uint256 internal constant IN_RANGE = 2 * SIDE + 1;
    uint256 internal constant FAR = 8;
    /// @notice Cells that every account visits; those at strikes come behind.
    uint256 internal constant COMMON = IN_RANGE + FAR;
    uint256 internal constant RECORD = 160;

    uint256 private constant WAD = 1e18;
    int256 private constant LOG_034 = 19900525727573253712;
    int256 private constant LOG_050 = 12786308645202827194;
    int256 private constant LOG_067 = 7387507178279151867;
    int256 private constant LOG_150 = 7479511080090297694;
    int256 private constant LOG_300 = 20265819725292953354;
    int256 private constant LOG_400 = 25572617290405482854;
    int256 private constant LOG_600 = 33052128370495609014;
    /// @dev 34, 50, 67, 150, 200, 300, 400, 600 hundredths, 16 bits each, first lowest.
    uint256 private constant MULTIPLES = 0x02580190012c00c80096004300320022;

    /// @param price Index price, USD, wad.
    /// @param strikes USD, wad, inside the range.
    function build(uint256 price, MarketRule calldata rule, uint256[] memory strikes) internal pure returns (Cells memory cells) {
        unchecked {
            uint256 count = COMMON + strikes.length;
            cells.count = count;
            uint256 start;
            assembly ("memory-safe") {
                start := mload(0x40)
                mstore(0x40, add(start, mul(count, RECORD)))
            }
            cells.start = start;
            uint256 range = rule.range;
            uint256 unit = SIDE * WAD;
            for (uint256 i; i < IN_RANGE; ++i) {
                // Below 2^61, over a price below 2^128.
                uint256 scaled = unit + range * i - range * SIDE;
                int256 log = scaled < unit ? -int256(Black76.logOfRatio(scaled, unit)) : int256(Black76.logOfRatio(unit, scaled));
                _put(start + RECORD * i, price * scaled / unit, i == SIDE ? int256(0) : log, WAD);
            }
            start += RECORD * IN_RANGE;
            for (uint256 i; i < FAR; ++i) {
                uint256 hundredths = multipleOf(i);
                uint256 move = hundredths < 100 ? 100 - hundredths : hundredths - 100;
                // A far loss counts by tailWeight x range / |move|, rounded up, at most in full (risk-policy B1, C).
                uint256 weight = Math.ceilDiv(rule.tailWeight * range, 100 * move);
                _put(start, price * hundredths / 100, logOfMultiple(i), weight < WAD ? weight : WAD);
                start += RECORD;
            }
            for (uint256 i; i < strikes.length; ++i) {
                _put(start, strikes[i], signedLog(strikes[i], price), WAD);
                start += RECORD;
            }
        }
    }

    /// @notice ln(numerator / denominator), 64 binary digits.
    function signedLog(uint256 numerator, uint256 denominator) internal pure returns (int256) {
        if (numerator == denominator) return 0;
        return numerator < denominator
            ? -int256(Black76.logOfRatio(numerator, denominator))
            : int256(Black76.logOfRatio(denominator, numerator));
    }

    /// @notice Far multiple `i`, in hundredths.
    function multipleOf(uint256 i) internal pure returns (uint256) {
        return uint16(MULTIPLES >> 16 * i);
    }

    /// @notice ln of far multiple `i`, 64 binary digits: {signedLog} of it and 100.
    function logOfMultiple(uint256 i) internal pure returns (int256) {
        if (i == 0) return -LOG_034;
        if (i == 1) return -LOG_050;
        if (i == 2) return -LOG_067;
        if (i == 3) return LOG_150;
        if (i == 4) return LOG_050;
        if (i == 5) return LOG_300;
        return i == 6 ? LOG_400 : LOG_600;
    }

    /// @notice Index price of cell `i`, USD wad.
    function priceAt(Cells memory cells, uint256 i) internal pure returns (uint256) {
        return _word(cells, i, 0);
    }

    function upAt(Cells memory cells, uint256 i) internal pure returns (int256) {
        return int256(_word(cells, i, 96));
    }

    /// @notice A far cell has no vol down.
    function downAt(Cells memory cells, uint256 i) internal pure returns (int256) {
        return int256(_word(cells, i, isFar(i) ? 96 : 128));
    }

    function isFar(uint256 i) internal pure returns (bool) {
        unchecked {
            return i - IN_RANGE < FAR;
        }
    }

    /// @notice Adds to both values of a cell.
    function add(Cells memory cells, uint256 i, int256 up, int256 down) internal pure {
        assembly ("memory-safe") {
            let record := add(mload(add(cells, 32)), mul(i, RECORD))
            mstore(add(record, 96), add(mload(add(record, 96)), up))
            mstore(add(record, 128), add(mload(add(record, 128)), down))
        }
    }

    /// @notice The cell with the largest weighted loss, the first of equals.
    /// @param mark Value to lose from, USD wad.
    /// @return loss Weighted, rounded up; zero when nothing is lost anywhere.
    function worst(Cells memory cells, int256 mark) internal pure returns (uint256 loss, uint256 cell) {
        unchecked {
            uint256 start = cells.start;
            uint256 end = start + cells.count * RECORD;
            uint256 binding = start;
            uint256 far = start + IN_RANGE * RECORD;
            uint256 near = far + FAR * RECORD;
            assembly ("memory-safe") {
                for { let record := start } lt(record, end) { record := add(record, 160) } {
                    let value := mload(add(record, 96))
                    let counted := mload(add(record, 128))
                    // A far cell has no vol down.
                    if and(slt(counted, value), or(lt(record, far), iszero(lt(record, near)))) { value := counted }
                    if iszero(slt(value, mark)) { continue }
                    counted := sub(mark, value)
                    let weight := mload(add(record, 64))
                    if lt(weight, WAD) { counted := div(add(mul(counted, weight), sub(WAD, 1)), WAD) }
                    if gt(counted, loss) {
                        loss := counted
                        binding := record
                    }
                }
            }
            cell = (binding - start) / RECORD;
        }
    }

    /// @notice Adds units of the underlying, wad, to both values of every cell.
    function addUnits(Cells memory cells, uint256 units) internal pure {
        unchecked {
            if (units == 0) return;
            for (uint256 i; i < cells.count; ++i) {
                int256 value = int256(units * priceAt(cells, i) / WAD);
                add(cells, i, value, value);
            }
        }
    }

    /// @notice The same states, with nothing in them.
    function emptied(Cells memory cells) internal pure returns (Cells memory copy) {
        unchecked {
            uint256 count = cells.count;
            uint256 size = count * RECORD;
            (uint256 from, uint256 to) = (cells.start, 0);
            assembly ("memory-safe") {
                to := mload(0x40)
                mstore(0x40, add(to, size))
                mcopy(to, from, size)
                for { let record := add(to, 96) } lt(record, add(to, size)) { record := add(record, RECORD) } {
                    mstore(record, 0)
                    mstore(add(record, 32), 0)
                }
            }
            (copy.count, copy.start) = (count, to);
        }
    }

    function _word(Cells memory cells, uint256 i, uint256 offset) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(mload(add(cells, 32)), mul(i, RECORD)), offset))
        }
    }

    function _put(uint256 record, uint256 price, int256 log, uint256 weight) private pure {
        assembly ("memory-safe") {
            mstore(record, price)
            mstore(add(record, 32), log)
            mstore(add(record, 64), weight)
            mstore(add(record, 96), 0)
            mstore(add(record, 128), 0)
        }
    }
}
