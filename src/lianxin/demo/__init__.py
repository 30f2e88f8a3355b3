"""A demo supplier with planted, documented truth."""

from lianxin.demo.build import build_demo
from lianxin.demo.options import DemoManifest, DemoOptions, WrittenTable

__all__ = ["DemoManifest", "DemoOptions", "WrittenTable", "build_demo"]
