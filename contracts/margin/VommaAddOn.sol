// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ChainBook, STRIKE_BYTES} from "./MarginTypes.sol";

/// @title What reading a live vol on the line between the words' vols may credit too much
/// @notice Pure (contract-rules A12). A value on a line through two points is out by (live - down)(up - live) times its second divided difference. Of a vanilla option
/// that is at most K sqrt(T) (0.45 + 0.25 sqrt(T)) / (down + live + up) at any price, of a digital 2.4 / (down + live + up)^2. Between the words the line flatters longs,
/// beyond them shorts, with a digital either. The vols of the strikes are taken to stand in the ratio of the vol at the money: docs/decisions/0019-one-ladder.md.
/// @dev The twin is `risk/margin/contract/vommaAddOn.ts`.
library VommaAddOn {
    uint256 private constant WAD = 1e18;
    uint256 private constant FLOOR = 4_000;
    uint256 private constant UP_FLOOR = 4_000e12;

    /// @return up In the state with vol up: USD wad, rounded up.
    /// @return down In that with vol down.
    function amounts(ChainBook memory book) internal pure returns (uint256 up, uint256 down) {
        unchecked {
            // At the money: vol at the post in hundredths of a point, rounded up, and vols in 1e-12 of that; 80 bits at most.
            uint256 vol = book.atmVol / 1e14 + 1;
            uint256 live = vol * book.drift;
            uint256 highest = (vol < FLOOR ? FLOOR : vol) * book.upScale;
            uint256 root = Math.sqrt((book.expiry - book.asOf) * 1e36 / 365 days);
            root = root * (9 * WAD + 5 * root) / (20 * WAD);
            up = _amount(book, vol, root, (live < UP_FLOOR ? UP_FLOOR : live) * book.upFactor / WAD, highest);
            down = _amount(book, vol, root, live * book.downFactor / WAD, highest);
        }
    }

    function _amount(ChainBook memory book, uint256 vol, uint256 root, uint256 live, uint256 highest) private pure returns (uint256 amount) {
        (uint256 s, uint256 end, uint256 kind, uint256 lowest) = (book.strikes, book.end, book.kind, book.downScale);
        assembly ("memory-safe") {
            lowest := mul(vol, lowest)
            let share := mul(sub(live, lowest), sub(highest, live))
            let isLong := sgt(share, 0)
            if iszero(isLong) { share := sub(0, share) }
            lowest := add(add(lowest, live), highest)
            // Never zero: vols are not.
            share := div(share, lowest)
            switch kind
            case 0 { share := div(mul(share, root), 10000000000000000) }
            default { share := div(mul(share, 2400000000000000000), lowest) }
            // Lots x strike in dollars x vol, of one side; a digital's dollar, of both.
            for {} lt(s, end) { s := add(s, STRIKE_BYTES) } {
                let lots := sar(mload(add(s, 160)), mload(add(s, 96)))
                let isShort := slt(lots, 0)
                if iszero(or(kind, xor(isLong, isShort))) { continue }
                if isShort { lots := sub(0, lots) }
                let size := vol
                if iszero(kind) { size := div(mul(mload(s), mload(add(s, 128))), WAD) }
                amount := add(amount, mul(lots, size))
            }
            vol := mul(vol, 10000)
            amount := div(add(mul(amount, share), sub(vol, 1)), vol)
        }
    }
}
