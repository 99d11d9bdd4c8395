// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Harbor: borrow dollars against ether
/// @notice A small protocol of somebody else, written without knowing of Ballast: its own owner, its own names, percent here and wad there, numbers that
/// change through setters alone, and its own margin rule that reads them.
/// @dev Part of docs/guides/adopt.md. One price, set by the owner, and dollars that exist inside this contract only, keep it short.
contract HarborLending {
    struct Loan {
        uint256 collateral; // wei
        uint256 debt; // dollars, wad
    }

    event LoanChanged(address indexed borrower, uint256 collateral, uint256 debt);
    event LoanLiquidated(address indexed borrower, address indexed liquidator, uint256 seized, uint256 repaid);
    event NumberSet(string name, uint256 previous, uint256 value);

    error NotOwner(address caller);
    error NotRiskManager(address caller);
    error NumberOutOfRange(string name, uint256 given, uint256 atMost);
    error DepositsFull(uint256 wanted, uint256 cap);
    error BorrowsTooMuch(uint256 debt, uint256 atMost);
    error LoanIsHealthy(address borrower);
    error PaymentFailed(address to);

    address public owner;
    /// @notice May set the four risk numbers; the owner may, too.
    address public riskManager;

    uint8 public loanToValue = 82; // percent: how much a new loan may reach
    uint256 public liquidationThreshold = 0.85e18; // wad: beyond it anyone liquidates
    uint256 public depositCap = 120_000e18; // wei of collateral in all
    uint256 public liquidationBonus = 0.05e18; // wad, of what is repaid

    uint256 public price; // dollars per ether, wad
    uint256 public deposits;
    mapping(address borrower => Loan) public loans;
    mapping(address holder => uint256) public dollars;

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        _;
    }

    modifier onlyRiskManager() {
        if (msg.sender != riskManager && msg.sender != owner) revert NotRiskManager(msg.sender);
        _;
    }

    constructor(address owner_, uint256 price_) {
        (owner, price) = (owner_, price_);
    }

    // ------------------------------------------------------------------ owner and risk manager

    function setRiskManager(address riskManager_) external onlyOwner {
        riskManager = riskManager_;
    }

    function setPrice(uint256 price_) external onlyOwner {
        price = price_;
    }

    function setLoanToValue(uint8 percent) external onlyRiskManager {
        if (percent > 95) revert NumberOutOfRange("loanToValue", percent, 95);
        emit NumberSet("loanToValue", loanToValue, percent);
        loanToValue = percent;
    }

    function setLiquidationThreshold(uint256 wad) external onlyRiskManager {
        if (wad > 0.98e18) revert NumberOutOfRange("liquidationThreshold", wad, 0.98e18);
        emit NumberSet("liquidationThreshold", liquidationThreshold, wad);
        liquidationThreshold = wad;
    }

    function setLiquidationBonus(uint256 wad) external onlyRiskManager {
        if (wad > 0.2e18) revert NumberOutOfRange("liquidationBonus", wad, 0.2e18);
        emit NumberSet("liquidationBonus", liquidationBonus, wad);
        liquidationBonus = wad;
    }

    function setDepositCap(uint256 weiOfCollateral) external onlyRiskManager {
        emit NumberSet("depositCap", depositCap, weiOfCollateral);
        depositCap = weiOfCollateral;
    }

    // ------------------------------------------------------------------ borrowers

    function deposit() external payable {
        deposits += msg.value;
        if (deposits > depositCap) revert DepositsFull(deposits, depositCap);
        loans[msg.sender].collateral += msg.value;
        _changed(msg.sender);
    }

    function borrow(uint256 amount) external {
        loans[msg.sender].debt += amount;
        dollars[msg.sender] += amount;
        _requireCovered(msg.sender);
    }

    function repay(uint256 amount) external {
        dollars[msg.sender] -= amount;
        loans[msg.sender].debt -= amount;
        _changed(msg.sender);
    }

    function withdraw(uint256 amount) external {
        loans[msg.sender].collateral -= amount;
        deposits -= amount;
        _requireCovered(msg.sender);
        _pay(msg.sender, amount);
    }

    // ------------------------------------------------------------------ anyone

    /// @notice Debt over the value of the collateral, wad; rounded up.
    function usage(address borrower) public view returns (uint256) {
        Loan memory loan = loans[borrower];
        if (loan.debt == 0) return 0;
        uint256 value = loan.collateral * price / 1e18;
        return value == 0 ? type(uint256).max : (loan.debt * 1e18 + value - 1) / value;
    }

    /// @notice Repays a loan beyond the threshold with the caller's dollars for its collateral at a discount.
    function liquidate(address borrower) external {
        if (usage(borrower) <= liquidationThreshold) revert LoanIsHealthy(borrower);
        Loan memory loan = loans[borrower];
        dollars[msg.sender] -= loan.debt;
        uint256 seized = loan.debt * (1e18 + liquidationBonus) / price;
        if (seized > loan.collateral) seized = loan.collateral;
        loans[borrower] = Loan(loan.collateral - seized, 0);
        deposits -= seized;
        emit LoanLiquidated(borrower, msg.sender, seized, loan.debt);
        _pay(msg.sender, seized);
    }

    function _requireCovered(address borrower) private {
        Loan memory loan = loans[borrower];
        uint256 atMost = loan.collateral * price / 1e18 * loanToValue / 100;
        if (loan.debt > atMost) revert BorrowsTooMuch(loan.debt, atMost);
        _changed(borrower);
    }

    function _changed(address borrower) private {
        emit LoanChanged(borrower, loans[borrower].collateral, loans[borrower].debt);
    }

    function _pay(address to, uint256 amount) private {
        (bool done,) = to.call{value: amount}("");
        if (!done) revert PaymentFailed(to);
    }
}
