"""Lianxin (连心): open-source customer decision support for electricity suppliers."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("lianxin")
except PackageNotFoundError:  # the source tree without an installation, as documentation tools read it
    __version__ = "0+unknown"
