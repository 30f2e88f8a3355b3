"""A workspace on disk: lianxin.toml and the folders beside it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lianxin.foundation.calendar import Calendar, load_calendar
from lianxin.foundation.errors import SettingsInvalid, WorkspaceNotFound
from lianxin.foundation.settings import SETTINGS_FILE, Settings
from lianxin.lake.aliases import ALIASES_FILE
from lianxin.lake.store import Store


@dataclass(frozen=True, slots=True)
class Workspace:
    """Folders and settings of one supplier."""

    root: Path
    settings: Settings

    @property
    def facts(self) -> Store:
        """The fact tables."""
        return Store(self.root / "lake" / "facts")

    @property
    def results(self) -> Store:
        """The result tables."""
        return Store(self.root / "lake" / "results")

    @property
    def staging(self) -> Path:
        """Where imports prepare their files; on the same disk as the lake, so that moving a file is one step."""
        return self.root / "lake" / ".staging"

    @property
    def quarantine(self) -> Path:
        """Rejected rows by import."""
        return self.root / "quarantine"

    @property
    def imports(self) -> Path:
        """One JSON file an import."""
        return self.root / "imports"

    @property
    def runs(self) -> Path:
        """One JSON file a run."""
        return self.root / "runs"

    @property
    def plans(self) -> Path:
        """Price plans of this workspace, beside the packaged catalogue."""
        return self.root / "plans"

    @property
    def policies(self) -> Path:
        """Dated rule sets of this workspace that replace packaged ones: policies/NAME.toml."""
        return self.root / "policies"

    @property
    def aliases_file(self) -> Path:
        """The workspace's own names of columns and codes."""
        return self.root / ALIASES_FILE

    def calendar(self) -> Calendar:
        """The calendar with the workspace's overrides."""
        override = self.root / self.settings.calendar if self.settings.calendar else None
        return load_calendar(self.settings.calendar_country, override)

    def policy(self, name: str) -> Mapping[str, object] | None:
        """The workspace's own rule set of a name; None where the packaged one holds.

        Raises:
            SettingsInvalid: the file is no TOML.

        """
        path = self.policies / f"{name}.toml"
        if not path.is_file():
            return None
        try:
            return tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsInvalid(path=path, problems=str(error)) from error


def open_workspace(start: Path) -> Workspace:
    """The workspace at ``start`` or at the nearest folder above it.

    Raises:
        WorkspaceNotFound: there is no lianxin.toml.
        SettingsInvalid: it cannot be read.

    """
    folder = start.resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / SETTINGS_FILE).is_file():
            return Workspace(candidate, Settings.load(candidate / SETTINGS_FILE))
    raise WorkspaceNotFound(path=start)
