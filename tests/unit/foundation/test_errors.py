"""An error says what to do in two languages, in one line, and knows its exit code."""

from lianxin.foundation.errors import DataInsufficient, LianxinError, UnusableInput
from lianxin.foundation.language import Text, language_of_environment


class Missing(UnusableInput):
    text = Text("缺少 {names}", "missing {names}")


def test_lists_are_joined_in_the_manner_of_the_language():
    error = Missing(names=["a", Text("乙", "b")])
    assert (error.message("zh"), error.message("en"), str(error)) == ("缺少 a、乙", "missing a, b", "missing a, b")
    assert Missing(names=[]).message("en") == "missing (none)"


def test_a_message_is_one_line():
    assert Missing(names="a\n  b").message("en") == "missing a b"


def test_braces_in_data_are_data():
    assert Missing(names="{x}").message("en") == "missing {x}"


def test_exit_codes():
    assert [kind.exit_code for kind in (LianxinError, UnusableInput, DataInsufficient)] == [1, 2, 4]


def test_the_terminal_is_chinese_where_its_locale_is():
    assert language_of_environment({"LANG": "zh_CN.UTF-8"}) == "zh"
    assert language_of_environment({"LANG": "de_DE.UTF-8"}) == "en"
    assert language_of_environment({"LANG": "zh_CN.UTF-8", "LIANXIN_LANG": "en"}) == "en"
    assert language_of_environment({}) == "en"
