"""Numbers and names of topics. A discovered topic is numbered for what it is about, so that it keeps its number.

An analysis sees facts only, never an earlier run; so the number comes from the content: the theme of our dictionary
that the topic's words belong to, else its heaviest word. Words of daily clusters drift; themes do not.
"""

from dataclasses import dataclass

from lianxin.analyses.service_demand.text.dictionary import segmenter, theme_of_term, themes
from lianxin.foundation.language import Text

PREFIX = "auto:"
_SHOWN = 3
_TELLING = 10
_MANNER = "service"
_PLACES = ("村", "镇", "乡", "街道", "路", "花园", "小区", "新村", "家园", "苑", "街", "巷", "社区", "大道")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Number and name of a topic."""

    topic_id: str
    title: Text


def shown(words: list[str], *, count: int) -> list[str]:
    """Words that may be shown: what the segmenter takes for a person or a place is left out, unless it is a term."""
    terms = theme_of_term()
    return [word for word in words if word in terms or not _personal(word)][:count]


def _personal(word: str) -> bool:
    named = any(tag[:2] in {"nr", "ns"} for _, tag in segmenter().tag(word))
    return named or (len(word) > 2 and word.endswith(_PLACES))


def named_clusters(words: list[list[str]]) -> list[Named]:
    """Names of discovered topics by their words; the first of several of one theme gets the theme's own number."""
    taken: set[str] = set()
    found = []
    for listed in words:
        theme = _theme(listed)
        number = PREFIX + (theme or (listed[0] if listed else "?"))
        for word in listed:
            if number not in taken:
                break
            number = f"{PREFIX}{theme or listed[0]}:{word}"
        while number in taken:
            number += "+"
        taken.add(number)
        found.append(Named(topic_id=number, title=_title(listed, theme)))
    return found


def named_label(label: str) -> Text:
    """Name of a topic that people labelled; the English one is that of the theme whose term stands in it."""
    if label.isascii():
        return Text(label, label)
    by_code = {theme.code: theme.title for theme in themes()}
    inside = [term for term in theme_of_term() if term in label]
    if not inside:
        return Text(label, label)
    longest = max(inside, key=lambda term: (len(term), term))
    return Text(label, by_code[theme_of_term()[longest]].en)


def _theme(words: list[str]) -> str:
    """The theme of most of the words, the heavier ones counting more; empty where fewer than two are terms."""
    terms = theme_of_term()
    weight: dict[str, float] = {}
    hits: dict[str, int] = {}
    for place, word in enumerate(words):
        if word in terms:
            weight[terms[word]] = weight.get(terms[word], 0) + 1 / (1 + place)
            hits[terms[word]] = hits.get(terms[word], 0) + 1
    sure = {theme: value for theme, value in weight.items() if hits[theme] >= 2 or value >= 1}
    return max(sure, key=lambda theme: (sure[theme], theme)) if sure else ""


def subject_of(words: list[str]) -> str:
    """The theme of the field that several of the heaviest words belong to, or the heaviest one; empty: none.

    How people were served (投诉, 热线) is said of every matter and tells nothing.
    """
    terms = theme_of_term()
    found = [terms[word] for word in words[:_TELLING] if word in terms and terms[word] != _MANNER]
    several = [theme for theme in found if found.count(theme) > 1]
    first = words[:1] and terms.get(words[0], _MANNER) != _MANNER
    return several[0] if several else found[0] if first else ""


def _title(words: list[str], theme: str) -> Text:
    listed = words[:_SHOWN]
    if not theme:
        return Text("、".join(listed), ", ".join(listed))
    title = next(one.title for one in themes() if one.code == theme)
    return Text(f"{title.zh}：{'、'.join(listed)}", f"{title.en}: {', '.join(listed)}")
