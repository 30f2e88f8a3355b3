"""Writes the texts of cases: sentences of a topic in one of several manners, with slips, other topics and persons."""

from dataclasses import dataclass

import numpy as np

from lianxin.demo.case_topics import Topic, phrases, topic_by_code, topics

_SLIPS = (
    ("已经", "以经"),
    ("电表", "电标"),
    ("变压器", "变压气"),
    ("尽快", "近快"),
    ("账", "帐"),
    ("跳闸", "跳匝"),
    ("缴费", "交费"),
    ("在家", "再家"),
    ("电费", "电废"),
    ("停电", "停店"),
    ("供电", "工电"),
    ("客户", "客胡"),
    ("申请", "伸请"),
    ("处理", "出理"),
)
_PLAIN = "电费压变请们为么这个来没时间门师谢开关线户办价应处头楼断烧报单坏谷户修钱车费"
_TRADITIONAL = "電費壓變請們為麼這個來沒時間門師謝開關線戶辦價應處頭樓斷燒報單壞谷戶修錢車費"
_TABLE = str.maketrans(_PLAIN, _TRADITIONAL)
_BRANDS = ("云星", "格美", "海立", "奥安", "松达", "北极熊")
_JOINTS = ("，", "，", "，", "，", "，", "，", "。", "。", "。", " ", "；", "，，", "……", "！")
_DRAWS = 64
# Words for the same thing: what one caller calls a meter another calls a box on the wall.
_SYNONYMS = (
    ("停电", ("断电", "没电", "掉电", "停了电")),
    ("没电", ("停电", "断电", "不来电", "没有电")),
    ("电费", ("电钱", "费用", "电费账单", "电费单子")),
    ("电表", ("表", "智能表", "电度表", "火表", "表计")),
    ("缴费", ("交钱", "付款", "缴电费", "充值")),
    ("充电桩", ("桩", "充电设备", "充电的桩子", "汽车充电桩")),
    ("变压器", ("台变", "变电箱", "变台", "箱变")),
    ("申请", ("办理", "想办", "要办", "报一下")),
    ("发票", ("票", "票据", "税票")),
    ("过户", ("改户名", "更名", "换户主")),
    ("师傅", ("电工", "工人", "抢修的人", "同志")),
    ("营业厅", ("供电所", "大厅", "窗口", "电力公司")),
    ("怎么", ("咋", "如何", "怎样", "为何")),
    ("处理", ("解决", "弄", "修", "办")),
    ("电压", ("电", "电压值")),
    ("光伏", ("太阳能", "太阳能板", "屋顶发电")),
    ("噪音", ("声音", "响声", "噪声")),
    ("电线杆", ("电杆", "杆子", "水泥杆")),
    ("工作人员", ("你们的人", "员工", "那个人", "办事员")),
    ("通知", ("打招呼", "告知", "说一声")),
    ("小区", ("院子", "楼盘", "园区")),
    ("客户", ("用户", "来电人", "市民")),
)
_SYNONYM_SHARE, _STRAY_SHARE, _SECOND_SHARE = 0.38, 0.14, 0.15
_VAGUE_SHARE, _PARTIAL_SHARE, _RELATED_SHARE, _GARBLED_SHARE, _SHORTEST_CUT = 0.07, 0.35, 0.28, 0.35, 7
_HEARD = "的了是在有不这那个到也会要去说就上下来中大小里我你他们什么点电费表线路号楼村家店"
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Person:
    """A person whose data stands in a text; the truth lists every such case."""

    name: str
    phone: str
    address: str


class CaseWriter:
    """Composes texts from random draws that it takes in bulk."""

    def __init__(self, random: np.random.Generator, count: int) -> None:
        self._draws = random.random((count, _DRAWS)).tolist()
        self._row: list[float] = []
        self._at = 0
        self._words = phrases()

    def write(self, number: int, topic: Topic, place: str, person: Person | None) -> tuple[str, str | None]:
        """Text and subject of a case; the subject may be missing."""
        self._row, self._at = self._draws[number], 0
        manner = self._draw()
        if topic.english and manner > 0.985:
            text = self._fill(self._one(topic.english), place) + self._maybe(0.5, " please help", "", " thanks")
        elif manner < 0.44:
            text = self._agent(topic, place)
        elif manner < 0.78:
            text = self._self(topic, place)
        elif manner < 0.91:
            text = self._terse(topic, place)
        elif manner < 0.93:
            text = self._letter(topic, place)
        else:
            text = self._long(topic, place)
        text = self._garbled(self._slipped(self._said_otherwise(text)))
        # A person's data stand as they are, so that the truth can be searched for.
        told = "" if person is None else self._fill(self._one(self._words["person"]), place, person)
        return text[: LONGEST - len(told)] + told, self._subject(topic, place)

    def flood(self, number: int, core: str, place: str, clock: str) -> str:
        """One caller of many about the same outage: the same facts in a slightly different order of words."""
        self._row, self._at = self._draws[number], 0
        word = ("突然停电", "突然没电了", "忽然停电")[int(self._draw() * 3)]
        head = self._maybe(0.5, "客户来电反映", "", "客户反映，")
        tail = self._maybe(0.6, "，请尽快处理", "", "，希望尽快恢复供电")
        wait = self._maybe(0.7, "不知道什么时候来电", "什么时候能来电", "要多久才能来电")
        more = self._maybe(0.8, "", "，家里有老人", "，已经等了好一阵", "，打了几次电话")
        return f"{head}{place}{clock}左右{word}，{core}，{wait}{more}{tail}"

    def _draw(self) -> float:
        """The next random draw of the case; a long letter starts over with its draws turned."""
        turn, place = divmod(self._at, _DRAWS)
        self._at += 1
        return self._row[place] if turn == 0 else (self._row[place] + 0.381966 * turn) % 1.0

    def _agent(self, topic: Topic, place: str) -> str:
        words = self._words
        parts = [
            self._one(words["agent"])
            + self._maybe(0.6, self._one(words["where"]))
            + self._maybe(0.5, self._one(words["when"]))
        ]
        parts[0] += self._core(topic, place)
        parts += self._details(topic)
        parts = self._with_related(parts, topic, place)
        parts.append(self._one(words["ask"]))
        return self._fill(self._joined([*parts, self._one(words["close"])]), place)

    def _self(self, topic: Topic, place: str) -> str:
        words = self._words
        parts = [self._one(words["self"]) + self._maybe(0.5, self._one(words["when"])) + self._core(topic, place)]
        parts += self._details(topic)
        parts = self._with_related(parts, topic, place)
        if self._draw() < 0.55:
            parts.append(self._one(words["ask"]))
        if self._draw() < 0.3:
            parts.insert(0, self._one(words["where"]))
        text = self._fill(self._joined(parts), place)
        return text + (self._one(words["emoji"]) if self._draw() < 0.06 else "")

    def _core(self, topic: Topic, place: str) -> str:
        """What the case is about: said in full, in part, or so vaguely that nobody can tell."""
        if self._draw() < _VAGUE_SHARE:
            return self._one(self._words["vague"])
        core = self._fill(self._one(topic.core), place)
        if len(core) > _SHORTEST_CUT and self._draw() < _PARTIAL_SHARE:
            cut = 3 + int(self._draw() * (len(core) - 6))
            return core[cut:] if self._draw() < 0.5 else core[:cut]
        return core

    def _with_related(self, parts: list[str], topic: Topic, place: str) -> list[str]:
        """Some callers mention a related matter too, now and then before their own."""
        if self._draw() > _RELATED_SHARE:
            return parts
        other = self._core(topic_by_code()[self._one(topic.related)], place)
        if self._draw() < 0.35:
            return [other, *parts]
        return [*parts, other]

    def _garbled(self, text: str) -> str:
        """Characters misheard by the transcription of a call: replaced or lost."""
        if self._draw() > _GARBLED_SHARE or len(text) < _SHORTEST_CUT:
            return text
        letters = list(text)
        for _ in range(1 + int(self._draw() * 6)):
            place = int(self._draw() * len(letters))
            letters[place] = "" if self._draw() < 0.3 else _HEARD[int(self._draw() * len(_HEARD))]
        return "".join(letters)

    def _terse(self, topic: Topic, place: str) -> str:
        core = self._core(topic, place)
        if self._draw() < 0.4:
            core = f"{{place}} {core}"
        if self._draw() < 0.25:
            core += " " + self._one(topic.detail)
        return self._fill(core, place)

    def _long(self, topic: Topic, place: str) -> str:
        words = self._words
        other = topics()[int(self._draw() * len(topics()))]
        parts = [
            self._one(words["boiler"])
            + self._one(words["agent"])
            + self._one(words["where"])
            + self._one(words["when"])
        ]
        parts[0] += self._one(topic.core)
        parts += [self._one(topic.core), self._one(topic.detail), self._one(topic.detail)]
        if self._draw() < 0.5:
            parts.append(self._one(words["also"]).replace("{other}", other.core[int(self._draw() * len(other.core))]))
        parts += [self._one(words["ask"]), self._one(words["close"])]
        return self._fill(self._joined(parts), place)

    def _subject(self, topic: Topic, place: str) -> str | None:
        kind = self._draw()
        if kind < 0.35:
            return None
        if kind < 0.7:
            return self._fill(self._one(topic.core), place)[:24]
        return ("客户诉求", f"{place}用电问题", "热线来电", "其他业务", "用电咨询与反映")[int(self._draw() * 5)]

    def _details(self, topic: Topic) -> list[str]:
        count = int(self._draw() ** 1.5 * 3.2)
        found = [self._one(topic.detail) for _ in range(count)]
        if self._draw() < _SECOND_SHARE:
            found.insert(0, self._one(topic.core))
        if self._draw() < _STRAY_SHARE:
            other = topics()[int(self._draw() * len(topics()))]
            found.append(self._one(other.detail))
        return found

    def _letter(self, topic: Topic, place: str) -> str:
        """A long complaint in writing, up to some 300 characters."""
        words = self._words
        parts = ["尊敬的领导：我是{place}的用户" + self._one(words["when"]) + self._one(topic.core)]
        for _ in range(6 + int(self._draw() * 9)):
            parts.append(self._one(topic.detail if self._draw() < 0.6 else topic.core))
            if self._draw() < 0.3:
                parts.append(self._one(words["when"]) + self._one(words["ask"]))
        return self._fill(self._joined([*parts, self._one(words["ask"]), "此致"]), place)

    def _said_otherwise(self, text: str) -> str:
        for word, others in _SYNONYMS:
            if word in text and self._draw() < _SYNONYM_SHARE:
                text = text.replace(word, self._one(others), 1)
        return text

    def _joined(self, parts: list[str]) -> str:
        text = ""
        for part in parts:
            if text and part and text[-1] not in "，。！；… ：":
                text += _JOINTS[int(self._draw() * len(_JOINTS))]
            text += part
        return text

    def _one(self, choices: tuple[str, ...]) -> str:
        return choices[int(self._draw() * len(choices))]

    def _maybe(self, share: float, *choices: str) -> str:
        draw = self._draw()
        if draw < share:
            return choices[0]
        rest = choices[1:] or ("",)
        return rest[int((draw - share) / (1 - share) * len(rest))]

    def _fill(self, text: str, place: str, person: Person | None = None) -> str:
        if "{" not in text:
            return text
        draw = self._draw()
        number = int(draw * 1e9)
        return text.format(
            place=place,
            n=number % 9 + 1,
            m=number // 10 % 89 + 10,
            money=number // 7 % 880 + 36,
            days=number // 11 % 12 + 2,
            hour=number // 13 % 12 + 1,
            month=number // 17 % 12 + 1,
            brand=_BRANDS[number // 19 % len(_BRANDS)],
            unit="kW",
            name=person.name if person else "",
            phone=person.phone if person else "",
            address=person.address if person else "",
        )

    def _slipped(self, text: str) -> str:
        draw = self._draw()
        if draw < 0.10:
            right, wrong = _SLIPS[int(draw * 140) % len(_SLIPS)]
            return text.replace(right, wrong, 1)
        if draw > 0.985:
            return text.translate(_TABLE)
        return text
