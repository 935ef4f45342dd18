// SPDX-License-Identifier: MIT
pragma solidity 0.8.19;

/// A token that anybody may mint: only its balances matter.
contract Token {
    mapping(address => uint256) public balanceOf;

    function set(address owner, uint256 amount) external {
        balanceOf[owner] = amount;
    }

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        return true;
    }
}

interface Pair {
    function sync() external;
    function swap(uint256 out0, uint256 out1, address to, bytes calldata data) external;
}

interface Pool {
    function token0() external view returns (address);
    function token1() external view returns (address);
    function slot0() external view returns (uint160, int24, uint16, uint16, uint16, uint8, bool);
    function liquidity() external view returns (uint128);
    function mint(address to, int24 lower, int24 upper, uint128 liquidity, bytes calldata data)
        external
        returns (uint256, uint256);
    function swap(address to, bool zeroForOne, int256 amount, uint160 limit, bytes calldata data)
        external
        returns (int256, int256);
}

/// Trades with pools and pays them in fresh tokens; keeps what the last trade did.
contract Trader {
    int256 public amount0;
    int256 public amount1;
    uint160 public root;
    int24 public tick;
    uint128 public liquidity;

    /// Sets the reserves of a v2 pair.
    function fill(Pair pair, Token[2] calldata tokens, uint256[2] calldata reserves) external {
        for (uint256 i = 0; i < 2; i++) tokens[i].set(address(pair), reserves[i]);
        pair.sync();
    }

    /// Pays a v2 pair and asks for an amount of its other token.
    function swapPair(Pair pair, Token paid, uint256 amountIn, uint256 out0, uint256 out1) external {
        paid.mint(address(pair), amountIn);
        pair.swap(out0, out1, address(this), "");
    }

    function provide(Pool pool, int24 lower, int24 upper, uint128 amount) external {
        pool.mint(address(this), lower, upper, amount, "");
    }

    function swapPool(Pool pool, bool zeroForOne, int256 amount, uint160 limit) external {
        (amount0, amount1) = pool.swap(address(this), zeroForOne, amount, limit, "");
        (root, tick, , , , , ) = pool.slot0();
        liquidity = pool.liquidity();
    }

    function last() external view returns (int256, int256, uint160, int24, uint128) {
        return (amount0, amount1, root, tick, liquidity);
    }

    function uniswapV3MintCallback(uint256 owed0, uint256 owed1, bytes calldata) external {
        Token(Pool(msg.sender).token0()).mint(msg.sender, owed0);
        Token(Pool(msg.sender).token1()).mint(msg.sender, owed1);
    }

    function uniswapV3SwapCallback(int256 owed0, int256 owed1, bytes calldata) external {
        if (owed0 > 0) Token(Pool(msg.sender).token0()).mint(msg.sender, uint256(owed0));
        if (owed1 > 0) Token(Pool(msg.sender).token1()).mint(msg.sender, uint256(owed1));
    }
}
