// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IControllerMandate} from "../../../contracts/interfaces/IControllerMandate.sol";
import {IGuardianTerm} from "../../../contracts/interfaces/IGuardianTerm.sol";
import {IPriceFeed} from "../../../contracts/interfaces/IPriceFeed.sol";
import {IRiskParameters} from "../../../contracts/interfaces/IRiskParameters.sol";
import {ISettlementOracle} from "../../../contracts/interfaces/ISettlementOracle.sol";
import {ISurfaceOracle} from "../../../contracts/interfaces/ISurfaceOracle.sol";
import {Vm} from "./Vm.sol";

/// @dev Creates the oracles from their artifacts and hands out interfaces: tests that import this compile none of the contracts.
library DeployOracle {
    Vm private constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function priceFeed(IRiskParameters store) internal returns (IPriceFeed) {
        return IPriceFeed(_create("PriceFeed.sol:PriceFeed", abi.encode(store)));
    }

    function surfaceOracle(IRiskParameters store, IControllerMandate mandate, IGuardianTerm term, IPriceFeed feed)
        internal
        returns (ISurfaceOracle)
    {
        return ISurfaceOracle(_create("SurfaceOracle.sol:SurfaceOracle", abi.encode(store, mandate, term, feed)));
    }

    function settlementOracle(IRiskParameters store, IPriceFeed feed) internal returns (ISettlementOracle) {
        return ISettlementOracle(_create("SettlementOracle.sol:SettlementOracle", abi.encode(store, feed)));
    }

    function _create(string memory artifact, bytes memory arguments) private returns (address created) {
        bytes memory creation = bytes.concat(VM.getCode(artifact), arguments);
        assembly ("memory-safe") {
            created := create(0, add(creation, 32), mload(creation))
            if iszero(created) {
                returndatacopy(0, 0, returndatasize())
                revert(0, returndatasize())
            }
        }
    }
}
