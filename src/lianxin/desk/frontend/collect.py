"""Copy what pages use from node_modules to static/vendor: ``python -m lianxin.desk.frontend.collect``."""

import shutil
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_FROM = _HERE / "node_modules"
_TO = _HERE.parent / "static" / "vendor"
FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "tabler-icons.min.css": "@tabler/icons-webfont/dist/tabler-icons.min.css",
    "fonts/tabler-icons.woff2": "@tabler/icons-webfont/dist/fonts/tabler-icons.woff2",
    "echarts.min.js": "echarts/dist/echarts.min.js",
    "langZH.js": "echarts/i18n/langZH.js",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
}


def collect() -> None:
    """Lay the files anew."""
    shutil.rmtree(_TO, ignore_errors=True)
    for name, source in FILES.items():
        target = _TO / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_FROM / source, target)


if __name__ == "__main__":
    collect()
