"""Settings are frozen, and what is misspelt is refused by name."""

import pytest
from pydantic import ValidationError

from lianxin.foundation.errors import EXIT_UNUSABLE, SettingsInvalid
from lianxin.foundation.settings import Settings


def settings(tmp_path, content):
    file = tmp_path / "lianxin.toml"
    file.write_text(content, encoding="utf-8")
    return Settings.load(file)


def test_defaults(tmp_path):
    found = settings(tmp_path, "")
    assert (found.engine, found.time_zone, found.language, found.currency, found.due_day) == (
        "duckdb",
        "Asia/Shanghai",
        "zh",
        "CNY",
        20,
    )


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('egine = "spark"', "egine"),
        ('engine = "oracle"', "engine"),
        ('time_zone = "Asia/Shangai"', "Shangai"),
        ('currency = "yuan"', "currency"),
        ("due_day = 31", "due_day"),
        ("memory_limit_gib = 0", "memory_limit_gib"),
        ('[spark]\nmastr = "local"', "spark.mastr"),
        ('[spark]\nmaster = "http://host"', "spark.master"),
        ('[codes.channel.kiosk]\nde = "Automat"', "codes.channel.kiosk"),
        ("engine = ", "Invalid value"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(tmp_path, content, named):
    with pytest.raises(SettingsInvalid, match=named) as caught:
        settings(tmp_path, content)
    assert caught.value.exit_code == EXIT_UNUSABLE


def test_every_problem_is_named_at_once(tmp_path):
    with pytest.raises(SettingsInvalid) as caught:
        settings(tmp_path, 'egine = "spark"\ndue_day = 0\n')
    assert len(caught.value.data["problems"]) == 2


def test_settings_do_not_change(tmp_path):
    with pytest.raises(ValidationError):
        settings(tmp_path, "").due_day = 3


def test_a_file_with_a_byte_order_mark_is_read(tmp_path):
    (tmp_path / "lianxin.toml").write_bytes(b"\xef\xbb\xbfdue_day = 5\n")
    assert Settings.load(tmp_path / "lianxin.toml").due_day == 5
