"""The report in a few sentences: what each section found first."""

from collections.abc import Sequence

from lianxin.foundation.language import Text
from lianxin.workflows.report.customer import Customer
from lianxin.workflows.report.document import Block, Cards, Chart, Grid, Notice, Points, Section
from lianxin.workflows.report.figures import fact
from lianxin.workflows.report.sections.advice import largest_saving

_TITLE = Text("要点", "In short")
_SAVING = Text("最大一项节省：{title}，每年 {amount}", "Largest single saving: {title}, {amount} a year")
_ALERT = Text("最近的预警：{title}", "Latest alert: {title}")
_NOTHING = Text(
    "本次运行没有该客户的分时读数、账单或建议；各节说明缺少什么。",
    "The run has no readings, bills or advice of this customer; each section says what is missing.",
)
_FIRST_OF = ("energy", "changed", "bill")


def highlights(customer: Customer, details: Sequence[Section]) -> Section:
    """Titles of the first table or chart on energy, change and bill; the best advice; the latest alert."""
    titles = [_first_title(section.blocks) for section in details if section.key in _FIRST_OF]
    found = [title for title in titles if title is not None]
    best = largest_saving(customer)
    if best is not None:
        card, saving = best
        found.append(
            Text(
                _SAVING.zh.format(title=card.title.zh, amount=fact(saving, "zh")),
                _SAVING.en.format(title=card.title.en, amount=fact(saving, "en")),
            )
        )
    for section in details:
        if section.key == "alerts":
            found += _latest_alert(section.blocks)
    blocks: tuple[Block, ...] = (Points(tuple(found)),) if found else (Notice(_NOTHING),)
    return Section(key="highlights", title=_TITLE, blocks=blocks)


def _first_title(blocks: Sequence[Block]) -> Text | None:
    return next((block.title for block in blocks if isinstance(block, Grid | Chart)), None)


def _latest_alert(blocks: Sequence[Block]) -> list[Text]:
    cards = next((block.items for block in blocks if isinstance(block, Cards)), ())
    return [Text(_ALERT.zh.format(title=card.title.zh), _ALERT.en.format(title=card.title.en)) for card in cards[:1]]
