"""The CRC-16 that closes a FIT file."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

REFLECTED_POLYNOMIAL = 0xA001
BITS_OF_A_BYTE = 8

_Table = NDArray[np.uint16]


@cache
def _by_byte() -> _Table:
    """Return the sum of each single byte."""
    values = np.arange(256, dtype=np.uint16)
    for _ in range(BITS_OF_A_BYTE):
        values = np.where(values & 1, (values >> 1) ^ REFLECTED_POLYNOMIAL, values >> 1).astype(np.uint16)
    return values


@cache
def _past_zeros(doublings: int) -> _Table:
    """Return what a sum becomes when two to the power of `doublings` zero bytes follow."""
    if doublings == 0:
        sums = np.arange(2**16, dtype=np.uint16)
        longer: _Table = (sums >> BITS_OF_A_BYTE) ^ _by_byte()[sums & 0xFF]
        return longer
    half = _past_zeros(doublings - 1)
    whole: _Table = half[half]
    return whole


def crc16(content: bytes | memoryview) -> int:
    """Return the CRC-16 that FIT uses (reflected polynomial 0x8005, start 0).

    The sum of two joined blocks is the first's, carried past as many zeros as the second has bytes, xor the
    second's: blocks are joined in pairs, so that the work is done on whole arrays.

    Examples
    --------
    >>> hex(crc16(b"123456789"))
    '0xbb3d'
    """
    sums = _by_byte()[np.frombuffer(content, dtype=np.uint8)]
    doublings = 0
    while sums.size > 1:
        if sums.size % 2:
            sums = np.concatenate([np.zeros(1, dtype=np.uint16), sums])
        sums = _past_zeros(doublings)[sums[0::2]] ^ sums[1::2]
        doublings += 1
    return int(sums[0]) if sums.size else 0
