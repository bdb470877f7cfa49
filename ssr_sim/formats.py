"""Numbers and money as people read them."""

from __future__ import annotations

import math


def number(value: float, signed: bool = False) -> str:
    """A number to three digits, whole from a thousand on, in millions (M) from a million on; "-" when there
    is none.
    """
    if math.isnan(value):
        return "-"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    sign = "+" if signed and value != 0.0 else ""
    if abs(value) >= 1e6:
        return f"{value / 1e6:{sign},.4g} M"
    if abs(value) >= 1000:
        return f"{value:{sign},.0f}"
    text = f"{value:{sign}.3g}"
    return f"{value:{sign}.0f}" if "e+" in text else text


def between(least: float, most: float, to: str = " to ") -> str:
    """From least to most, whole from ten on, else to two digits; one number where both ends read alike."""
    low, high = (f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.2g}" for value in (least, most))
    return low if low == high else f"{low}{to}{high}"


def counted(count: int, noun: str) -> str:
    """A count with its noun in the right number: "1 run", "1,000 communities"."""
    many = noun[:-1] + "ies" if noun.endswith("y") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else many}"


def duration(seconds: float) -> str:
    """A time as people say it: "0.2 s", "40 s", "12 min", "3.5 h"."""
    if seconds < 90:
        return f"{seconds:.0f} s" if seconds >= 1 else f"{math.ceil(10 * seconds) / 10:g} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def usd(value: float, signed: bool = False) -> str:
    """An amount of money in words: "USD 4.31 billion"; a difference carries its sign before: "+USD 4.31 billion"."""
    if math.isnan(value):
        return "-"
    size, word = _magnitude(abs(value))
    sign = "-" if value < 0.0 else "+" if signed and value else ""
    return f"{sign}USD {float(f'{abs(value) / size:.3g}'):g}{word}"  # 999.9 is 1000, not 1e+03


def amount(value: float, unit: str, signed: bool = False) -> str:
    return usd(value, signed) if unit == "USD" else number(value, signed)


def interval(low: float, high: float, unit: str, signed: bool = False) -> str:
    if math.isnan(low):
        return "no interval from one run"
    if unit == "USD":
        size, word = _magnitude(max(abs(low), abs(high)))
        return f"{_fixed(low / size, signed)} to {_fixed(high / size, signed)}{word}"
    return f"{number(low, signed)} to {number(high, signed)}"


def _fixed(value: float, signed: bool) -> str:
    decimals = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    text = f"{value:{'+' if signed else ''}.{decimals}f}"
    return "0" if float(text) == 0.0 else text


def _magnitude(value: float) -> tuple[float, str]:
    for size, word in ((1e9, " billion"), (1e6, " million"), (1e3, " thousand")):
        if value >= size:
            return size, word
    return 1.0, ""
