"""Character n-grams and words of many texts as sparse counts, without a loop over texts."""

from dataclasses import dataclass
from itertools import chain

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from lianxin.analyses.service_demand.text.dictionary import segmenter

Hashes = NDArray[np.uint64]
_PIECE = 20_000  # texts at a time: bounds memory


@dataclass(frozen=True, slots=True, kw_only=True)
class GramHashes:
    """Hashes of the distinct n-grams of each text, ordered by text: of text i ``values[starts[i] : starts[i + 1]]``."""

    values: NDArray[np.uint32]
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many distinct n-grams each text has."""
        return np.diff(self.starts)


def gram_counts(texts: list[str], *, lengths: tuple[int, ...], bits: int) -> sparse.csr_matrix:
    """Counts (texts, 2**bits) of hashed character n-grams; an n-gram never spans two texts."""
    pieces = [_piece_counts(texts[at : at + _PIECE], lengths, bits) for at in range(0, len(texts), _PIECE)]
    return sparse.vstack(pieces, format="csr") if pieces else sparse.csr_matrix((0, 1 << bits), dtype=np.float32)


def gram_hashes(texts: list[str], *, length: int) -> GramHashes:
    """Distinct hashed n-grams of one length."""
    values, sizes = [], []
    for at in range(0, len(texts), _PIECE):
        document, hashed = _hashed(texts[at : at + _PIECE], (length,))
        keys = np.unique((document.astype(np.uint64) << np.uint64(32)) | (hashed >> np.uint64(32)))
        values.append((keys & np.uint64(0xFFFFFFFF)).astype(np.uint32))
        count = len(texts[at : at + _PIECE])
        sizes.append(np.bincount((keys >> np.uint64(32)).astype(np.int64), minlength=count))
    if not values:
        return GramHashes(values=np.zeros(0, dtype=np.uint32), starts=np.zeros(1, dtype=np.int64))
    return GramHashes(values=np.concatenate(values), starts=np.r_[0, np.cumsum(np.concatenate(sizes))].astype(np.int64))


def _piece_counts(texts: list[str], lengths: tuple[int, ...], bits: int) -> sparse.csr_matrix:
    document, hashed = _hashed(texts, lengths)
    keys = (document.astype(np.uint64) << np.uint64(bits)) | (hashed >> np.uint64(64 - bits))
    distinct, counts = np.unique(keys, return_counts=True)
    rows = (distinct >> np.uint64(bits)).astype(np.int64)
    columns = (distinct & np.uint64((1 << bits) - 1)).astype(np.int32)
    starts = np.r_[0, np.cumsum(np.bincount(rows, minlength=len(texts)))]
    return sparse.csr_matrix((counts.astype(np.float32), columns, starts), shape=(len(texts), 1 << bits))


def _hashed(texts: list[str], lengths: tuple[int, ...]) -> tuple[NDArray[np.int64], Hashes]:
    """Text number and 64-bit hash of every n-gram; texts are joined by a character that no n-gram may hold."""
    joined = "\0".join(texts)
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32)
    stop = codes == 0
    document = np.cumsum(stop).astype(np.int64)
    documents, hashes = [], []
    value = np.zeros(len(codes), dtype=np.uint64)
    broken = np.zeros(len(codes), dtype=bool)
    # value[i] after n steps is the hash of the n characters from i on
    for length in range(1, max(lengths) + 1):
        shift = length - 1
        if shift >= len(codes):
            break
        value[: len(codes) - shift] = _mix(value[: len(codes) - shift], codes[shift:])
        broken[: len(codes) - shift] |= stop[shift:]
        if length in lengths:
            there = ~broken[: len(codes) - shift]
            documents.append(document[: len(codes) - shift][there])
            hashes.append(_finish(value[: len(codes) - shift][there]))
    if not documents:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint64)
    return np.concatenate(documents), np.concatenate(hashes)


def _mix(value: Hashes, codes: NDArray[np.uint32]) -> Hashes:
    """One step of a multiplicative hash (constants of SplitMix64)."""
    return (value + codes.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)


def _finish(value: Hashes) -> Hashes:
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    return value ^ (value >> np.uint64(27))


@dataclass(frozen=True, slots=True, kw_only=True)
class WordCounts:
    """Counts (texts, words), the words, and every text's words in order (``sequence``: numbers of ``words``)."""

    counts: sparse.csr_matrix
    words: list[str]
    sequence: NDArray[np.int64]
    document: NDArray[np.int64]


def word_counts(texts: list[str], *, most_words: int, fewest_texts: int) -> WordCounts:
    """Words of at least ``fewest_texts`` texts, the ``most_words`` commonest; a single letter is no word."""
    cut = segmenter().cut
    lists = [cut(text) for text in texts]
    frame = pl.DataFrame(
        {
            "document": np.repeat(np.arange(len(texts)), [len(one) for one in lists]),
            "word": pl.Series(list(chain.from_iterable(lists)), dtype=pl.String),
        }
    ).filter(pl.col("word").str.contains(r"\p{Han}|[a-z]{2}"))
    known = (
        frame.group_by("word")
        .agg(texts=pl.col("document").n_unique())
        .filter(pl.col("texts") >= fewest_texts)
        .sort("texts", "word", descending=[True, False])
        .head(most_words)
        .sort("word")
        .with_row_index("number")
    )
    told = frame.join(known.select("word", "number"), on="word", maintain_order="left")
    document = told["document"].to_numpy().astype(np.int64)
    number = told["number"].to_numpy().astype(np.int64)
    shape = (len(texts), len(known))
    counts = sparse.coo_matrix((np.ones(len(number), dtype=np.float32), (document, number)), shape=shape).tocsr()
    return WordCounts(counts=counts, words=known["word"].to_list(), sequence=number, document=document)


def tf_idf(counts: sparse.csr_matrix, inverse: NDArray[np.float32]) -> sparse.csr_matrix:
    """Rows of (1 + log count) × inverse document frequency, of length one."""
    weighted = counts.copy().astype(np.float32)
    weighted.data = (1 + np.log(weighted.data)) * inverse[weighted.indices]
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    return sparse.csr_matrix(sparse.diags(scale.astype(np.float32)) @ weighted)


def inverse_frequency(counts: sparse.csr_matrix, *, fewest_texts: int = 2) -> NDArray[np.float32]:
    """log((1 + n) / (1 + texts)) + 1 of each column; 0 where too few texts have it."""
    texts = np.bincount(counts.indices, minlength=counts.shape[1])
    inverse = np.log((1 + counts.shape[0]) / (1 + texts)) + 1
    return np.where(texts >= fewest_texts, inverse, 0.0).astype(np.float32)
