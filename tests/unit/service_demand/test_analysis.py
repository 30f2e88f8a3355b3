"""The whole analysis on small and odd workspaces: a result, or a note that says what is missing."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from lianxin.analyses.service_demand.analysis import analyse
from lianxin.contracts.results import BY_ANALYSIS
from lianxin.contracts.results.common import MODEL_CARD
from lianxin.lake.schemas import file_schema

SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = date(2026, 6, 30)
WORDS = {
    "停电报修": [
        "家里突然停电",
        "整栋楼都停电了",
        "跳闸推不上去",
        "空气开关一合就跳",
        "楼道有电屋里没电",
        "店里断电冰柜要化了",
    ],
    "电费异常": [
        "这个月电费多一倍",
        "电费突增不认可",
        "账单金额和电量对不上",
        "电费高得离谱",
        "多扣了我的电费",
        "要求核查电费账单",
    ],
    "充电桩": [
        "申请个人充电桩电表",
        "小区不让装充电桩",
        "公共充电桩坏了",
        "充电桩充到一半断了",
        "物业不盖章装不了桩",
        "充电站电价太高",
    ],
}


def made_cases(count: int, *, labelled: bool, days: int = 120) -> list[dict[str, object]]:
    rows = []
    for number in range(count):
        topic = list(WORDS)[number % 3]
        text = f"{WORDS[topic][number // 3 % 6]}，{WORDS[topic][number // 7 % 6]}"
        at = datetime(2026, 6, 30, 12, tzinfo=SHANGHAI) - timedelta(days=number * days / count)
        rows.append(
            {
                "case_id": f"C{number:05d}",
                "text": text,
                "opened_at": at.astimezone(UTC),
                "district_id": f"D{number % 2}",
                "topic_label": topic if labelled and number % 2 else None,
                "channel": "hotline",
                "case_type": "inquiry",
            }
        )
    return rows


def tables(output) -> dict[str, pl.DataFrame]:
    """Tables as they are stored: in the contract's columns and types."""
    contracts = {table.name: table for table in (*BY_ANALYSIS["service_demand"], MODEL_CARD)}
    found = {}
    for name, table in output.tables.items():
        schema = file_schema(contracts[name])
        assert set(schema.names) <= set(table.column_names), name
        found[name] = pl.DataFrame(table.select(schema.names).cast(schema))
        keys = found[name].select(contracts[name].key)
        assert keys.is_unique().all(), name
        assert keys.null_count().sum_horizontal().sum() == 0, name
    return found


def test_without_facts_every_table_is_noted(facts) -> None:
    output = analyse(facts.given(as_of=AS_OF))
    assert output.tables == {}
    noted = {note.table for note in output.notes if note.column == ""}
    assert noted == {table.name for table in BY_ANALYSIS["service_demand"]}


def test_labels_teach_the_cases_without(facts) -> None:
    rows = made_cases(240, labelled=True)
    found = tables(analyse(facts.given(as_of=AS_OF, case=rows)))
    expected = {row["case_id"]: list(WORDS)[number % 3] for number, row in enumerate(rows)}
    said = dict(found["case_topic"].select("case_id", "topic_id").rows())
    assert sum(said[case] == topic for case, topic in expected.items()) >= 0.97 * len(rows)
    assert found["topic"]["cases"].sum() == len(rows)
    assert found["model_card"].select("target", "metric").rows() == [("topic_label", "accuracy")]
    assert found["model_card"]["value"].item() > found["model_card"]["baseline_value"].item()
    assert found["topic"]["share"].sum() == pytest.approx(1)


def test_a_label_stands_and_a_correction_overrides_it(facts) -> None:
    rows = made_cases(240, labelled=True)
    correction = [{"case_id": "C00001", "topic_id": "表扬", "corrected_on": date(2026, 6, 30)}]
    found = tables(analyse(facts.given(as_of=AS_OF, case=rows, topic_correction=correction)))
    said = dict(found["case_topic"].select("case_id", "topic_id").rows())
    assert said["C00001"] == "表扬"
    assert said["C00003"] == rows[3]["topic_label"]


def test_without_labels_topics_are_discovered_and_named(facts) -> None:
    found = tables(analyse(facts.given(as_of=AS_OF, case=made_cases(240, labelled=False))))
    assert len(found["topic"]) >= 2
    assert found["topic"]["topic_id"].str.starts_with("auto:").all()
    assert found["topic"]["origin"].unique().to_list() == ["discovered"]
    assert found["case_topic"]["topic_id"].null_count() == 0


def test_one_label_alone_is_kept_and_said_to_teach_nothing(facts) -> None:
    rows = made_cases(240, labelled=False)
    for row in rows[::30]:
        row["topic_label"] = "我的主题"
    output = analyse(facts.given(as_of=AS_OF, case=rows))
    said = dict(tables(output)["case_topic"].select("case_id", "topic_id").rows())
    assert all(said[row["case_id"]] == "我的主题" for row in rows[::30])
    assert any(note.column == "origin" for note in output.notes)


def test_ten_cases_are_too_few_for_topics_and_it_says_so(facts) -> None:
    output = analyse(facts.given(as_of=AS_OF, case=made_cases(10, labelled=False)))
    found = tables(output)
    assert len(found["case_topic"]) == 10
    assert found["case_topic"]["topic_id"].null_count() == 10
    assert any(note.table == "topic" and note.column == "" for note in output.notes)


ODD = [
    "",
    "😡",
    "停",
    "電費異常请尽快處理",
    "No power at home since yesterday please help",
    "停电" * 50_000,
    "。。。",
    "\u0000\ufffd",
    "a",
]


def test_odd_texts_and_stamps_are_survived(facts) -> None:
    rows = made_cases(120, labelled=True)
    for number, text in enumerate(ODD):
        rows[number * 2] |= {"text": text, "subject": "x", "district_id": None, "channel": None, "case_type": None}
    rows[50] |= {"closed_at": datetime(2020, 1, 1, tzinfo=UTC), "district_id": "nowhere", "customer_id": "nobody"}
    rows[51] |= {"opened_at": datetime(1999, 1, 1, tzinfo=UTC)}
    found = tables(analyse(facts.given(as_of=AS_OF, case=rows)))
    assert len(found["case_topic"]) == 120


def test_one_case_alone(facts) -> None:
    output = analyse(facts.given(as_of=AS_OF, case=made_cases(1, labelled=False)))
    assert len(tables(output)["case_topic"]) == 1


def test_the_same_facts_give_the_same_results(facts) -> None:
    rows = made_cases(150, labelled=True)
    first, second = (analyse(facts.given(as_of=AS_OF, case=order)) for order in (rows, rows[::-1]))
    assert first.tables.keys() == second.tables.keys()
    for name, table in first.tables.items():
        assert table.equals(second.tables[name]), name


def test_later_rows_change_nothing(facts) -> None:
    rows = made_cases(150, labelled=True)
    later = [
        row | {"case_id": f"L{number}", "opened_at": datetime(2026, 7, 3, tzinfo=UTC)}
        for number, row in enumerate(rows[:30])
    ]
    first, second = (analyse(facts.given(as_of=AS_OF, case=order)) for order in (rows, rows + later))
    for name, table in first.tables.items():
        assert table.equals(second.tables[name]), name


def test_no_personal_data_of_a_case_stand_in_any_result(facts) -> None:
    persons = [("秦敏水", "13900002265", "云州市经开一路11幢1单元2703室"), ("闫静", "0999-0000121", "岩下村15组29号")]
    rows = made_cases(180, labelled=True)
    for number, row in enumerate(rows):
        name, phone, address = persons[number % 2]
        row["text"] = f"{row['text']}联系人{name}，电话{phone}，住{address}"
        row["subject"] = f"{name}（{phone}）来电"
    output = analyse(facts.given(as_of=AS_OF, case=rows))
    everything = "\n".join(str(table.to_pylist()) for table in output.tables.values()) + str(output.notes)
    for person in persons:
        for part in person:
            assert part not in everything
    assert "经开一路" not in everything
