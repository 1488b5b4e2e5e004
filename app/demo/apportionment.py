"""Whole numbers shared out exactly: nothing is lost by rounding, at any level."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Piece = TypeVar("Piece")
Segment = TypeVar("Segment")


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """`total` shared out by `weights` (largest remainder, ties to the earlier). The shares sum to `total`.

    No share is larger than its weight as long as `total` is not larger than the sum of the weights, so that weights may be
    what is left of something. Raises ValueError where there is something to share and nothing to share it by.
    """
    whole = sum(weights)
    if total == 0:
        return [0] * len(weights)
    if whole <= 0:
        message = "nothing to share by: all weights are zero"
        raise ValueError(message)
    shares = [total * weight // whole for weight in weights]
    remainders = sorted(range(len(weights)), key=lambda each: -(total * weights[each] % whole))
    for index in remainders[: total - sum(shares)]:
        shares[index] += 1
    return shares


def shared(total: int, weights: Mapping[Key, int]) -> dict[Key, int]:
    """`apportion` by key."""
    return dict(zip(weights, apportion(total, list(weights.values())), strict=True))


def drawn(totals: Mapping[Key, int], sizes: Iterable[int]) -> Iterator[dict[Key, int]]:
    """`totals` dealt out to groups of the given `sizes`, one after the other, each as close to the mixture as whole numbers
    allow. Each group gets exactly its size, and together they get exactly the totals (which must sum to the sizes).
    """
    left = dict(totals)
    for size in sizes:
        share = shared(size, left)
        left = {key: count - share[key] for key, count in left.items()}
        yield share


def overlaid(
    pieces: Iterable[tuple[Piece, int]], segments: Iterable[tuple[Segment, int]]
) -> Iterator[tuple[Piece, Segment, int]]:
    """Two ways of cutting one line, laid over each other: each part with its piece, its segment and its length.

    The line ends where the shorter of the two ends.
    """
    rest = iter(segments)
    segment, room = next(rest, (None, 0))
    for piece, length in pieces:
        wanted = length
        while wanted > 0:
            while room == 0:
                following = next(rest, None)
                if following is None:
                    return
                segment, room = following
            part = min(wanted, room)
            yield piece, segment, part  # type: ignore[misc]  # only None before the first segment, whose room is zero
            wanted, room = wanted - part, room - part
