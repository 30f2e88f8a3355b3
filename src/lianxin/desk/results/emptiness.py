"""Why a result is not there, and which run or import would fill it."""

from dataclasses import dataclass, field

from lianxin.desk.gateway.runs import analysis_of, latest_of, notes_on
from lianxin.foundation.language import Text

_NO_RUN = Text("还没有运行过这项分析。", "This analysis has not been run yet.")
_NOT_MADE = Text(
    "最近一次运行（{run}，截至 {as_of}）没有生成此表。",
    "The latest run ({run}, as of {as_of}) did not make this table.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Emptiness:
    """What a page says in place of figures."""

    text: Text
    command: str
    notes: tuple[Text, ...] = field(default=())


def why_empty(table: str) -> Emptiness:
    """The reason, from the notes of the latest run."""
    analysis = analysis_of(table)
    run = latest_of(analysis) if analysis else None
    command = f"lianxin run {analysis} --as-of YYYY-MM-DD".replace("  ", " ")
    if run is None:
        return Emptiness(text=_NO_RUN, command=command)
    notes = tuple(notes_on(run, table))
    return Emptiness(text=_NOT_MADE.format(run=run.run_id, as_of=run.as_of), command=command, notes=notes)
