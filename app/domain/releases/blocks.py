"""Tables of numbers as flat lists, the last axis first, and what is done along an axis."""

from collections.abc import Sequence
from math import prod

Block = list[float]


def sum_out(block: Sequence[float], sizes: tuple[int, ...], axis: int) -> Block:
    """The totals over an axis; the others stay as they are."""
    inner, step = prod(sizes[axis + 1 :]), prod(sizes[axis:])
    return [
        sum(block[start + cell : start + step : inner]) for start in range(0, len(block), step) for cell in range(inner)
    ]


def spread_in(block: Sequence[float], sizes: tuple[int, ...], axis: int) -> Block:
    """Each number in equal parts over a new axis, which `sizes` has already: its totals are the block."""
    inner, number = prod(sizes[axis + 1 :]), sizes[axis]
    parts = [each / number for each in block]
    return [
        part for start in range(0, len(parts), inner) for _ in range(number) for part in parts[start : start + inner]
    ]


def centred(block: Sequence[float], sizes: tuple[int, ...], axis: int) -> Block:
    """Less the mean along the axis: its totals are zero."""
    means = spread_in(sum_out(block, sizes, axis), sizes, axis)
    return [number - mean for number, mean in zip(block, means, strict=True)]


def weighted(blocks: Sequence[tuple[float, Sequence[float]]]) -> Block:
    """The sum of blocks, each times its weight."""
    return [
        sum(weight * number for (weight, _), number in zip(blocks, numbers, strict=True))
        for numbers in zip(*(b for _, b in blocks), strict=True)
    ]
