"""A workspace on disk: lianxin.toml and the folders beside it."""

from dataclasses import dataclass
from pathlib import Path

from lianxin.foundation.calendar import Calendar, load_calendar
from lianxin.foundation.errors import WorkspaceNotFound
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
    def aliases_file(self) -> Path:
        """The workspace's own names of columns and codes."""
        return self.root / ALIASES_FILE

    def calendar(self) -> Calendar:
        """The calendar with the workspace's overrides."""
        override = self.root / self.settings.calendar if self.settings.calendar else None
        return load_calendar(self.settings.calendar_country, override)


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
