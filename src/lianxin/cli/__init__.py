"""The command ``lianxin``: arguments in, exit code out; no logic."""

from lianxin.cli.application import main

__all__ = ["main"]
