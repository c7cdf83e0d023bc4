"""Which faces show the same picture, and which shots must not be torn apart for it. Hashes in, decisions out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Hashes = NDArray[np.uint64]
"""(n, words) uint64: the bits of n perceptual hashes, filled up with zeros."""

_BLOCK = 64  # rows of the distance matrix at a time: 50 MB of eight-byte words with a hundred thousand faces
_WORD_DIGITS = 16


def hashes_of(hexadecimal: Sequence[str]) -> Hashes:
    """The hashes written as ``hexadecimal`` digits, all of one length; (0, 1) when there is none."""
    if not hexadecimal:
        return np.zeros((0, 1), np.uint64)
    digits = -(-len(hexadecimal[0]) // _WORD_DIGITS) * _WORD_DIGITS
    packed = b"".join(bytes.fromhex(text.ljust(digits, "0")) for text in hexadecimal)
    return np.frombuffer(packed, np.uint64).reshape(len(hexadecimal), -1)


def differing_bits(some: Hashes, others: Hashes) -> NDArray[np.uint16]:
    """(len(some), len(others)): in how many bits each of ``some`` differs from each of ``others``."""
    bits = np.zeros((len(some), len(others)), np.uint16)
    for word in range(some.shape[1]):
        bits += np.bitwise_count(some[:, word, None] ^ others[None, :, word])
    return bits


def duplicate_of(hashes: Hashes, sharpness: NDArray[np.float64], most_bits: int) -> NDArray[np.intp]:
    """For each face the position of the kept face it repeats, or -1 when it is kept itself.

    Faces are taken from the sharpest down (of two equals the earlier first); each is kept unless one that is already
    kept differs in no more than ``most_bits``. So no two kept faces are that near, and a dropped one is never the
    sharper.
    """
    answer = np.full(len(hashes), -1, np.intp)
    kept = np.empty(len(hashes), np.intp)
    kept_hashes = np.empty_like(hashes)
    n_kept = 0
    for position in np.argsort(-sharpness, kind="stable"):
        bits = differing_bits(hashes[position : position + 1], kept_hashes[:n_kept])[0]
        if n_kept and bits.min() <= most_bits:
            answer[position] = kept[bits.argmin()]
        else:
            kept[n_kept], kept_hashes[n_kept] = position, hashes[position]
            n_kept += 1
    return answer


def linked(
    hashes: Hashes, shots: NDArray[np.intp], films: NDArray[np.intp], link_bits: int, near_bits: int
) -> NDArray[np.intp]:
    """The group of each shot, numbered from 0 in the order of each group's first shot.

    ``shots`` and ``films`` (n,): where each face is from; shots are counted from 0 through all films. Two shots are of
    one group when faces of theirs differ in no more than ``link_bits``, directly or by way of others: a shot that the
    editor returns to, or that a flash cut in two. Between films ``near_bits`` decides: a scene that film and trailer
    share is found, while the chance hits among far more pairs do not tie all films into one group.
    """
    n_shots = int(shots.max()) + 1 if len(shots) else 0
    pairs: set[int] = set()
    for start in range(0, len(hashes), _BLOCK):
        block = slice(start, start + _BLOCK)
        most_bits = np.where(films[block, None] == films[None, start:], link_bits, near_bits)
        rows, columns = np.nonzero(differing_bits(hashes[block], hashes[start:]) <= most_bits)
        pairs.update(np.unique(shots[start + rows] * n_shots + shots[start + columns]).tolist())
    one, other = np.divmod(np.array(sorted(pairs), np.intp), max(1, n_shots))
    edges = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(n_shots, n_shots))
    _, group = connected_components(edges, directed=False)
    _, first, number = np.unique(group, return_index=True, return_inverse=True)
    renumbered: NDArray[np.intp] = np.argsort(np.argsort(first))[number]
    return renumbered


def near_other_split(hashes: Hashes, splits: NDArray[np.intp], most_bits: int) -> NDArray[np.intp]:
    """For each face the position of the nearest face of a later split within ``most_bits``; -1 when there is none.

    ``splits`` (n,). Without the faces that have one, no two faces of different splits are that near; the last
    split, the one to test on, keeps all of its own.
    """
    answer = np.full(len(hashes), -1, np.intp)
    for split in np.unique(splits):
        later = np.nonzero(splits > split)[0]
        if not len(later):
            continue
        here = np.nonzero(splits == split)[0]
        for start in range(0, len(here), _BLOCK):
            rows = here[start : start + _BLOCK]
            bits = differing_bits(hashes[rows], hashes[later])
            nearest = bits.argmin(1)
            answer[rows] = np.where(bits.min(1) <= most_bits, later[nearest], -1)
    return answer
