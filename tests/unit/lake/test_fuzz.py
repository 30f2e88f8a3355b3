"""Random mappings and random files: never a traceback, never another exit code than 0, 2 and 3.

``LIANXIN_FUZZ_CASES`` sets the number of cases.
"""

import io
import os
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, Phase, event, example, given, settings
from hypothesis import strategies as st

from lianxin.cli import main
from lianxin.contracts.codes import CODE_LISTS
from lianxin.contracts.facts import FACTS
from lianxin.lake.units import _BY_UNIT

CASES = int(os.environ.get("LIANXIN_FUZZ_CASES", "120"))

CELLS = [
    "", " ", "0", "1", "-1", "15", "60", "1440", "0.5", "1,234.5", "1.234,5", "1e308", "-1e-308", "1e400", "inf", "nan",
    "NULL", "--", "=1+1", "@x", "x", "是", "2024-01-01", "2024/1/31", "2024-02-30", "20240131", "202401", "2024-13",
    "2024-01-01 00:00", "2024-01-01 24:00", "2024-03-31 02:30", "2024-10-27 02:30", "2024-01-01T08:00:00+08:00",
    "2024-01-01T08:00:00Z", "1704067200", "99999-01-01", "0001-01-01", "9999-12-31 24:00", "22℃", "￥5", "１２",
    "\ufeff", "a" * 300, "9" * 40, '"', "'", "\\", "\t", "大工业用电", "flat", "shift", "csat", "true", "False",
    "\x00", "\u2028", "🙂",
]  # fmt: skip
UNITS = [*sorted({unit for units in _BY_UNIT.values() for unit in units}), "", "m3"]
FORMATS = [
    "%Y-%m-%d",
    "%d.%m.%Y %H:%M",
    "%Y%m%d%H%M%S",
    "%s",
    "%+",
    "%H",
    "%",
    "%Q",
    "%Y-%m-%dT%H:%M:%S%z",
    "x",
    "%j",
    "%3f",
]
PATTERNS = ["(-?[0-9.]+)", "(", "[0-9]+", "(.*)", "(?P<a>x)|(y)", "(?=x)(y)", "()", "\\", "(\\p{Han}+)"]
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Shanghai", "UTC", "Mars/Olympus", "", "../etc", "Asia"]
NAMES = [
    "a",
    "b",
    "P1",
    "P2",
    "P3",
    "户号",
    "CONS_NO",
    "日期",
    "@value",
    "@name",
    "@index",
    "@row",
    "@label",
    "",
    " ",
    "a.b",
]


def one_of(values):
    return st.sampled_from(values)


def toml(value):
    """TOML of the values that the strategies make."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{toml(str(key))} = {toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = "".join(f"\\u{ord(char):04x}" if ord(char) < 32 or char in '"\\\x7f' else char for char in value)
        return f'"{escaped}"'
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)


scalars = st.one_of(
    one_of(CELLS),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.booleans(),
    st.dates(date(1, 1, 1)),
    st.datetimes(datetime(1, 1, 1)),
    st.times(),
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(one_of(NAMES), inner, max_size=2)
)
source_names = st.one_of(one_of(NAMES), one_of([name for table in FACTS.values() for name in table.columns]))


def any_rules(names):
    """Rules of any columns, right or wrong."""
    return st.one_of(
        names,
        st.fixed_dictionaries(
            {},
            optional={
                "column": names,
                "columns": st.lists(names, max_size=3),
                "constant": scalars,
                "separator": one_of(["", " ", "-"]),
                "format": one_of(FORMATS),
                "timezone": one_of(ZONES),
                "stamp": one_of(["start", "end", "middle"]),
                "midnight": one_of(["start_of_day", "end_of_day"]),
                "unit": one_of(UNITS),
                "codes": st.dictionaries(one_of(CELLS), one_of(["other", "x"]) | st.integers(0, 3), max_size=3),
                "pattern": one_of(PATTERNS),
                "multiply_by": names | st.floats() | st.integers(-5, 5),
                "cumulative": st.booleans(),
            },
        ).map(lambda rule: dict(list(rule.items())[:4])),
        anything,
    )


def right_rules(field, names):
    """Rules in which every option has a meaning for the field."""
    origin = st.fixed_dictionaries({}, optional={"column": names}) | st.fixed_dictionaries(
        {"columns": st.lists(names, min_size=1, max_size=2)}
    )
    options = {"pattern": one_of(["(-?[0-9.]+)", "(.*)", "()"]), "codes": st.just({"1": "60", "x": "other"})}
    if field.kind in ("number", "money", "integer"):
        options["unit"] = one_of(sorted(_BY_UNIT.get(field.unit or "", {"1": None})))
        options["multiply_by"] = names | st.floats(allow_nan=False, allow_infinity=False)
    if field.kind in ("date", "month", "timestamp"):
        options["format"] = one_of(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%s", "%Y-%m-%dT%H:%M:%S%z", "%j", "%+"])
    if field.kind == "timestamp":
        options["timezone"] = one_of(["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"])
        options["stamp"] = one_of(["start", "end"])
        options["midnight"] = one_of(["start_of_day", "end_of_day"])
    if field.name == "kwh":
        options["cumulative"] = st.booleans()
    more = st.fixed_dictionaries({}, optional=options).map(lambda rule: dict(list(rule.items())[:3]))
    return st.tuples(origin, more).map(lambda pair: {**pair[0], **pair[1]}) | st.fixed_dictionaries(
        {"constant": one_of(["2024-01-01", "1", 60, 1.5, True])}
    )


unpivots = st.fixed_dictionaries(
    {
        "columns": st.one_of(
            st.lists(source_names, max_size=4),
            st.fixed_dictionaries(
                {"prefix": one_of(["P", "H", ""]), "last": one_of([0, 1, 2, 3, 96, 2**40])},
                optional={"first": st.integers(-1, 2), "digits": st.integers(0, 5)},
            ),
        )
    },
    optional={"minutes": one_of([0, 1, 15, 60, 480, 1440, 2000]), "labels": st.lists(one_of(CELLS), max_size=3)},
)
sources = st.fixed_dictionaries(
    {},
    optional={
        "encoding": one_of(["utf-8", "gb18030", "utf-16", "ascii", "rot13", "klingon", ""]),
        "delimiter": one_of([",", ";", "\t", "|", '"', "\n", "", "ab", "，"]),
        "decimal": one_of([".", ",", ";"]),
        "sheet": one_of(["Sheet1", "absent", ""]),
        "skip_rows": one_of([0, 1, 2, 50, -1, 2**40]),
        "where": st.dictionaries(
            source_names,
            st.one_of(
                one_of(CELLS),
                st.lists(one_of(CELLS), max_size=2),
                st.fixed_dictionaries(
                    {},
                    optional={
                        "any_of": st.lists(one_of(CELLS), max_size=2),
                        "none_of": st.lists(one_of(CELLS), max_size=2),
                        "pattern": one_of(PATTERNS),
                    },
                ),
            ),
            max_size=2,
        ),
    },
).map(lambda source: dict(list(source.items())[:2]))


@st.composite
def mappings(draw, table, header):
    """Text of a mapping file: mostly of the right form for a file with ``header``, sometimes any text."""
    form = draw(st.integers(0, 9))
    if form == 0:
        return draw(st.text(max_size=60))
    if form == 1:
        keys = one_of(["table", "columns", "source", "unpivot", "match_names"])
        return "\n".join(f"{toml(key)} = {toml(value)}" for key, value in draw(st.dictionaries(keys, anything)).items())
    names = one_of(header) if header and form > 3 else source_names
    fields = draw(st.lists(one_of(FACTS[table].fields), max_size=3, unique_by=lambda field: field.name))
    columns = {field.name: draw(right_rules(field, names) if form > 3 else any_rules(names)) for field in fields}
    content = {"table": table, "columns": columns}
    if draw(st.integers(0, 2)) == 0:
        content["source"] = draw(sources)
    if draw(st.integers(0, 2)) == 0:
        listed = st.fixed_dictionaries(
            {"columns": st.lists(names, min_size=1, max_size=4, unique=True)},
            optional={"minutes": one_of([15, 60, 360])},
        )
        content["unpivot"] = draw(listed if form > 3 else unpivots)
    if draw(st.integers(0, 9)) == 0:
        content["match_names"] = draw(st.booleans())
    return "\n".join(f"{key} = {toml(value)}" for key, value in content.items())


@st.composite
def grids(draw, table):
    """Header and rows; the header mostly serves the table."""
    fields = FACTS[table].fields
    own = [
        draw(one_of([field.name, field.title.zh])) for field in fields if field.must_be_present or draw(st.booleans())
    ]
    header = (
        draw(st.permutations([*own, *draw(st.lists(source_names, max_size=3, unique=True))]))
        if draw(st.integers(0, 9))
        else draw(st.lists(source_names, max_size=5))
    )
    plausible = {field.name: _plausible(field) for field in fields} | {
        field.title.zh: _plausible(field) for field in fields
    }
    cell = {name: one_of(plausible.get(name, []) * 3 + CELLS) for name in header}
    rows = draw(st.lists(st.tuples(*(cell[name] for name in header)), max_size=6))
    return header, rows


def _plausible(field):
    codes = list(CODE_LISTS[field.codes].codes)[:3] if field.codes else []
    kinds = {
        "date": ["2024-01-01", "2024-02-29"],
        "month": ["2024-01"],
        "timestamp": ["2024-01-01 00:00", "2024-03-31 02:30"],
        "boolean": ["1"],
    }
    return codes * 10 or kinds.get(field.kind, ["1", "15", "60"]) * 10


@st.composite
def csv_files(draw, grid):
    header, rows = grid
    delimiter = draw(one_of([",", ",", ";", "\t", "|"]))
    quoted = [[f'"{cell}"' if delimiter in cell else cell for cell in row] for row in rows]
    lines = [delimiter.join(header), *(delimiter.join(row) for row in quoted)]
    if draw(st.integers(0, 5)) == 0:
        lines.insert(draw(st.integers(0, len(lines))), draw(st.text(max_size=30)))
    data = (
        draw(one_of(["\n", "\r\n"]))
        .join(lines)
        .encode(draw(one_of(["utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16"])), errors="replace")
    )
    return draw(one_of([".csv", ".txt", ".tsv"])), data


@st.composite
def parquet_files(draw, grid):
    header, rows = grid
    names = list(dict.fromkeys(header)) or ["a"]
    size = max(1, len(rows))
    columns = {}
    for name in names:
        values = draw(
            one_of(
                [
                    [1.5, None, float("nan"), float("inf")],
                    [1, -(2**63), 2**63 - 1, None],
                    [date(2024, 1, 1), date(1, 1, 1), None],
                    [datetime(2024, 1, 1), datetime(2024, 3, 31, 2, 30), None],
                    [datetime(2024, 1, 1, tzinfo=UTC), None],
                    [True, False, None],
                    [Decimal("1.50"), None],
                    [b"x", None],
                    [time(8), None],
                    [["a"], [], None],
                    [{"a": 1}, None],
                    [None],
                    ["2024-01-01", "1", "other", None],
                ]
            )
        )
        columns[name] = pa.array([values[index % len(values)] for index in range(size)])
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return ".parquet", _maybe_cut(draw, buffer.getvalue())


@st.composite
def xlsx_files(draw, grid):
    header, rows = grid
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "nan_inf_to_errors": True, "strings_to_formulas": False}
    ) as book:
        sheet = book.add_worksheet()
        for column, name in enumerate(header):
            sheet.write_string(0, column, name)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell.replace("\x00", ""))
    return ".xlsx", _maybe_cut(draw, buffer.getvalue())


def _maybe_cut(draw, data):
    # by share, because a workbook's length depends on the time at which it is made
    return data if draw(st.integers(0, 3)) else data[: len(data) * draw(st.integers(0, 1000)) // 1000]


@st.composite
def cases(draw):
    """Table, mapping (or none), and files."""
    table = draw(one_of(list(FACTS)))
    files, headers = [], []
    for _ in range(draw(st.integers(1, 2))):
        grid = draw(grids(table))
        noise = st.tuples(one_of([".csv", ".xlsx", ".parquet", ".xml", ".txt", ".dat", ""]), st.binary(max_size=80))
        kind = draw(one_of([csv_files] * 8 + [parquet_files] * 3 + [xlsx_files, None]))
        files.append(draw(noise if kind is None else kind(grid)))
        headers.append(list(grid[0]))
    mapping = draw(mappings(table, headers[0])) if draw(st.booleans()) else None
    return table, mapping, files


@pytest.fixture(scope="module")
def playground(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "lianxin.toml").write_text('time_zone = "Europe/Berlin"\n')
    return folder


# Found by earlier runs.
UNIT_ONLY = 'table = "daily_usage"\ncolumns = { "kwh" = { "unit" = "MWh" } }'
PSEUDO = 'table = "daily_usage"\nunpivot = { "columns" = ["@index"], "minutes" = 15 }'


@settings(
    max_examples=CASES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
    derandomize="LIANXIN_FUZZ_CASES" not in os.environ,
)
@given(case=cases())
@example(case=("daily_usage", UNIT_ONLY, [(".csv", b"usage_point_id,day,x\nU,2024-01-01,1\n")]))
@example(case=("daily_usage", PSEUDO, [(".csv", b"usage_point_id,day,@index\nU,2024-01-01,1\n")]))
def test_never_a_traceback(playground, case):
    table, mapping, files = case
    arguments = ["import", table, "-w", str(playground), "--json", "--debug"]
    for number, (extension, data) in enumerate(files):
        path = playground / f"source{number}{extension}"
        path.write_bytes(data)
        arguments.append(str(path))
    if mapping is not None:
        (playground / "map.toml").write_text(mapping, encoding="utf-8", errors="replace")
        arguments += ["--mapping", str(playground / "map.toml")]
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(arguments)
    event(f"exit code {ended.value.code}")
    assert ended.value.code in (0, 2, 3), err.getvalue()
    assert (out.getvalue() == "") == (ended.value.code == 2)
