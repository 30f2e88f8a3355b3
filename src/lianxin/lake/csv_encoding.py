"""Which encoding a text table is in, and its text as a stream of UTF-8."""

import codecs
from pathlib import Path
from typing import BinaryIO

from lianxin.lake.source_errors import EncodingNotKnown, NotText, UnknownEncoding

_PIECE_BYTES = 1 << 20
# The whole file is held against UTF-8 (quick, and nothing in a UTF-8 file stays unread), while GB18030 is tried as
# far as this beyond the byte that is no UTF-8: the stream decodes strictly and names a later fault itself.
_GB18030_TRIAL_BYTES = 32 << 20
# Text of another encoding that reads by chance as this many continuation bytes of UTF-8 does not happen; then the
# file is UTF-8 with a damaged byte, and reading it as GB18030 would fill the tables with wrong characters.
_SURELY_UTF8_BYTES = 16
_HEAD_BYTES = 1 << 16
_LINE_AND_PAGE_MARKS = frozenset(b"\t\n\v\f\r\x1a")

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def find_encoding(path: Path, *, named: str | None) -> str:
    """Name of the codec of the file: the one that was named, else by its mark, else UTF-8, else GB18030.

    Raises EncodingNotKnown, NotText (binary content) or UnknownEncoding with the offset of the first wrong byte.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        given = _text_codec(named) if named is not None else _marked(head)
        if given is not None and given != "utf-8":
            return given  # decoded strictly while it is read
        file.seek(0)
        fault = _first_fault(file, encoding="utf-8", until=None, path=path)
        _refuse_control_characters(head, path=path)
        if fault is None:
            return "utf-8"
        if fault.sure or given == "utf-8":
            raise UnknownEncoding(path=path, byte_offset=fault.offset, encodings=["UTF-8"])
        file.seek(0)
        other = _first_fault(file, encoding="gb18030", until=fault.offset + _GB18030_TRIAL_BYTES, path=path)
    if other is None:
        return "gb18030"
    furthest = max(fault.offset, other.offset)
    raise UnknownEncoding(path=path, byte_offset=furthest, encodings=["UTF-8", "GB18030"])


def _marked(head: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)


def _text_codec(named: str) -> str:
    try:
        codec = codecs.lookup(named.strip())
        "".encode(codec.name)  # refuses codecs of bytes, such as base64
    except (LookupError, ValueError) as error:
        raise EncodingNotKnown(encoding=named) from error
    return "utf-8" if codec.name == "utf-8-sig" else codec.name


class _Fault:
    """The first byte that does not belong to an encoding, and whether the text before proves the encoding."""

    def __init__(self, *, offset: int, sure: bool) -> None:
        self.offset = offset
        self.sure = sure


def _first_fault(file: BinaryIO, *, encoding: str, until: int | None, path: Path) -> _Fault | None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    read = 0
    beyond_ascii = 0
    while piece := file.read(_PIECE_BYTES):
        if (at := piece.find(b"\0")) >= 0:
            raise NotText(path=path, byte_offset=read + at)
        pending = len(decoder.getstate()[0])
        if pending or not piece.isascii():
            try:
                beyond_ascii += len(piece) - len(decoder.decode(piece))
            except UnicodeDecodeError as error:
                good = error.object[: error.start]
                beyond_ascii += len(good) - len(good.decode(encoding))
                return _Fault(offset=read - pending + error.start, sure=beyond_ascii >= _SURELY_UTF8_BYTES)
        read += len(piece)
        if until is not None and read >= until:
            return None
    pending = len(decoder.getstate()[0])
    return _Fault(offset=read - pending, sure=beyond_ascii >= _SURELY_UTF8_BYTES) if pending else None


def _refuse_control_characters(head: bytes, *, path: Path) -> None:
    places = [at for at, byte in enumerate(head) if byte < 32 and byte not in _LINE_AND_PAGE_MARKS]
    if len(places) * 100 > len(head):  # one in a hundred: a stray one is left to the rules of the column
        raise NotText(path=path, byte_offset=places[0])


class Utf8Stream:
    """The text of a file as UTF-8 bytes without byte-order mark; decodes strictly, reads piecewise."""

    def __init__(self, path: Path, *, encoding: str) -> None:
        self._file = path.open("rb")
        self._path = path
        self._encoding = encoding
        self._decoder = None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)("strict")
        self._at_start = True
        self.bytes_read = 0

    def read(self, size: int) -> bytes:
        """Return about ``size`` bytes, empty only at the end. Raises UnknownEncoding at a wrong byte."""
        while True:
            piece = self._file.read(size)
            text = piece if self._decoder is None else self._decode(piece)
            self.bytes_read += len(piece)
            if self._at_start and text:
                self._at_start = False
                text = text.removeprefix(codecs.BOM_UTF8)
            if text or not piece:
                return text

    def _decode(self, piece: bytes) -> bytes:
        assert self._decoder is not None  # noqa: S101  for the type checker
        state, _ = self._decoder.getstate()
        pending = len(state) if isinstance(state, bytes) else 0
        try:
            return self._decoder.decode(piece, final=not piece).encode()
        except UnicodeError as error:
            start = getattr(error, "start", 0)
            offset = self.bytes_read - pending + start
            raise UnknownEncoding(path=self._path, byte_offset=offset, encodings=[self._encoding.upper()]) from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()
