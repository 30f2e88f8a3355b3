"""The commands around the workbench."""

from lianxin.cli.serving import ROLE_NAMES
from lianxin.desk.accounts.roles import ROLES


def test_the_command_offers_every_role():
    assert set(ROLE_NAMES) == set(ROLES)


def test_the_first_administrator_comes_from_the_command_line(lianxin, workspace):
    done = lianxin("user", "chen", "--role", "administrator", "--password", "long-enough-77", "-w", workspace.root)
    assert done.returncode == 0
    assert (workspace.root / "desk" / "desk.sqlite3").is_file()


def test_a_weak_password_is_refused_with_exit_code_2(lianxin, workspace):
    done = lianxin("user", "chen", "--role", "administrator", "--password", "12345678", "-w", workspace.root)
    assert done.returncode == 2
    assert "not kept" in done.stderr or "未能保存" in done.stderr
