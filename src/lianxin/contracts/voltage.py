"""Voltage levels as free text, normalised where they are known."""

import re

KNOWN_LEVELS = ("220V", "380V", "0.4kV", "6kV", "10kV", "20kV", "35kV", "66kV", "110kV", "220kV")

_WRITTEN = re.compile(r"^(?:交流|ac)?\s*(\d+(?:\.\d+)?)\s*(k|千)?\s*(?:v|伏)$", re.IGNORECASE)


def normalise_voltage(text: str) -> str:
    """``交流10kV``, ``10千伏`` and ``AC 10 KV`` become ``10kV``; what is not known stays as it is, stripped.

    >>> normalise_voltage("交流10kV"), normalise_voltage("380 伏"), normalise_voltage("其他")
    ('10kV', '380V', '其他')
    """
    stripped = text.strip()
    match = _WRITTEN.match(stripped)
    if match is None:
        return stripped
    level = f"{float(match[1]):g}{'kV' if match[2] else 'V'}"
    return level if level in KNOWN_LEVELS else stripped
