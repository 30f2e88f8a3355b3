"""Kinds of business by their load curve: the values about which a customer varies."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveKind:
    """Typical values of a kind of business; a customer varies about them.

    ``base``: night load ÷ full load; ``shifts``: (start, end) hours with their height; ``rest`` and ``holiday``: level
    of activity then; ``festival``: part of the activity that stops at Spring Festival; ``cool``, ``heat``: load added
    per degree ÷ full load; ``pulse``: swing of a batch process ÷ full load; ``rough``: noise of the quarter hour.
    """

    base: float
    shifts: tuple[tuple[float, float, float], ...]
    rest: float
    holiday: float
    festival: float
    cool: float
    heat: float
    pulse: float
    rough: float


KINDS: dict[str, CurveKind] = {
    "furnace": CurveKind(
        base=0.30,
        shifts=((21.5, 31.5, 1.0), (8.0, 17.0, 0.72)),
        rest=0.93,
        holiday=0.85,
        festival=0.7,
        cool=0.002,
        heat=0.0,
        pulse=0.34,
        rough=0.05,
    ),
    "continuous": CurveKind(
        base=0.80,
        shifts=((7.5, 19.5, 1.0),),
        rest=0.97,
        holiday=0.95,
        festival=0.45,
        cool=0.003,
        heat=0.001,
        pulse=0.06,
        rough=0.02,
    ),
    "three_shift": CurveKind(
        base=0.45,
        shifts=((0.3, 7.7, 0.9), (8.2, 15.8, 1.0), (16.2, 23.8, 0.97)),
        rest=0.90,
        holiday=0.7,
        festival=0.85,
        cool=0.006,
        heat=0.002,
        pulse=0.05,
        rough=0.03,
    ),
    "two_shift": CurveKind(
        base=0.20,
        shifts=((7.5, 16.0, 1.0), (16.5, 24.0, 0.85)),
        rest=0.45,
        holiday=0.22,
        festival=0.9,
        cool=0.008,
        heat=0.003,
        pulse=0.08,
        rough=0.04,
    ),
    "one_shift": CurveKind(
        base=0.12,
        shifts=((8.0, 17.5, 1.0),),
        rest=0.30,
        holiday=0.12,
        festival=0.92,
        cool=0.008,
        heat=0.004,
        pulse=0.08,
        rough=0.06,
    ),
    "clean_room": CurveKind(
        base=0.78,
        shifts=((8.0, 20.0, 1.0),),
        rest=0.92,
        holiday=0.86,
        festival=0.35,
        cool=0.012,
        heat=0.001,
        pulse=0.03,
        rough=0.015,
    ),
    "cold_store": CurveKind(
        base=0.55,
        shifts=((5.5, 14.5, 1.0),),
        rest=0.80,
        holiday=0.85,
        festival=0.2,
        cool=0.022,
        heat=0.0,
        pulse=0.12,
        rough=0.05,
    ),
    "mall": CurveKind(
        base=0.16,
        shifts=((9.3, 21.8, 1.0),),
        rest=1.10,
        holiday=1.15,
        festival=0.25,
        cool=0.030,
        heat=0.010,
        pulse=0.02,
        rough=0.025,
    ),
    "hotel": CurveKind(
        base=0.45,
        shifts=((6.5, 9.5, 0.85), (17.0, 23.8, 1.0)),
        rest=1.05,
        holiday=1.10,
        festival=0.3,
        cool=0.026,
        heat=0.014,
        pulse=0.02,
        rough=0.04,
    ),
    "restaurant": CurveKind(
        base=0.18,
        shifts=((9.5, 13.8, 1.0), (16.5, 21.5, 0.95)),
        rest=1.08,
        holiday=1.05,
        festival=0.4,
        cool=0.028,
        heat=0.010,
        pulse=0.03,
        rough=0.06,
    ),
    "data_centre": CurveKind(
        base=0.92,
        shifts=((9.0, 22.0, 1.0),),
        rest=0.99,
        holiday=0.98,
        festival=0.02,
        cool=0.010,
        heat=0.0,
        pulse=0.01,
        rough=0.010,
    ),
    "office": CurveKind(
        base=0.18,
        shifts=((7.8, 18.2, 1.0),),
        rest=0.28,
        holiday=0.18,
        festival=0.6,
        cool=0.032,
        heat=0.016,
        pulse=0.01,
        rough=0.03,
    ),
    "school": CurveKind(
        base=0.15,
        shifts=((6.8, 17.5, 0.9), (18.2, 21.5, 1.0)),
        rest=0.40,
        holiday=0.15,
        festival=0.7,
        cool=0.020,
        heat=0.012,
        pulse=0.01,
        rough=0.04,
    ),
    "hospital": CurveKind(
        base=0.52,
        shifts=((7.3, 17.5, 1.0),),
        rest=0.80,
        holiday=0.74,
        festival=0.2,
        cool=0.024,
        heat=0.012,
        pulse=0.02,
        rough=0.02,
    ),
}
