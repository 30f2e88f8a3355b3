"""Random numbers by purpose and block: a value depends on the seed alone, never on the order of the work."""

from zlib import crc32

import numpy as np

BLOCK = 20_000
"""Customers generated together. A block is the unit of every stream, so that memory stays bounded at any size."""


def stream(seed: int, purpose: str, block: int = 0) -> np.random.Generator:
    """A generator of its own for a purpose (a table or a part of one) and a block."""
    return np.random.default_rng(np.random.SeedSequence([seed, crc32(purpose.encode()), block]))


def blocks(customers: int) -> list[tuple[int, int, int]]:
    """(block, first customer, end) for all customers, in order."""
    return [(number, first, min(first + BLOCK, customers)) for number, first in enumerate(range(0, customers, BLOCK))]
