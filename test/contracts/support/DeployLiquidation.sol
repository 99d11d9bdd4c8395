// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChains} from "../../../contracts/interfaces/IChains.sol";
import {ICollaterals} from "../../../contracts/interfaces/ICollaterals.sol";
import {IDeleveraging} from "../../../contracts/interfaces/IDeleveraging.sol";
import {IInsuranceFund} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {ILiquidation} from "../../../contracts/interfaces/ILiquidation.sol";
import {IMargin} from "../../../contracts/interfaces/IMargin.sol";
import {IPriceFeed} from "../../../contracts/interfaces/IPriceFeed.sol";
import {IRiskParameters} from "../../../contracts/interfaces/IRiskParameters.sol";
import {Vm} from "./Vm.sol";

/// @dev Creates ledger, liquidation, fund and deleveraging from their artifacts and hands out interfaces.
library DeployLiquidation {
    Vm private constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function ledger(IRiskParameters store, ICollaterals collaterals, IChains chains) internal returns (ILedger) {
        return ILedger(_create("Ledger.sol:Ledger", abi.encode(store, collaterals, chains)));
    }

    function fund(IRiskParameters store, IChains chains, IMargin margin, ILedger ledger_, uint256 stressMoveBps)
        internal
        returns (IInsuranceFund)
    {
        return IInsuranceFund(_create("InsuranceFund.sol:InsuranceFund", abi.encode(store, chains, margin, ledger_, stressMoveBps)));
    }

    function liquidation(
        IRiskParameters store,
        IPriceFeed feed,
        IChains chains,
        IMargin margin,
        ILedger ledger_,
        IInsuranceFund fund_
    ) internal returns (ILiquidation) {
        return ILiquidation(_create("Liquidation.sol:Liquidation", abi.encode(store, feed, chains, margin, ledger_, fund_)));
    }

    function deleveraging(IPriceFeed feed, IMargin margin, ILedger ledger_, ILiquidation liquidation_) internal returns (IDeleveraging) {
        return IDeleveraging(_create("Deleveraging.sol:Deleveraging", abi.encode(feed, margin, ledger_, liquidation_)));
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
