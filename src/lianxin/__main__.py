"""``python -m lianxin`` is the command ``lianxin``."""

from lianxin.cli import main

main()
