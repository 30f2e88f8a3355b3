"""The backtest: every labelled case predicted once by folds that did not hold it, beside the baseline."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from lianxin.analyses.service_demand.evaluate import NothingToEvaluate, evaluate

AS_OF = date(2026, 6, 30)
SAID = {"停电报修": ["突然停电", "跳闸推不上去", "整栋楼没电"], "电费异常": ["电费多一倍", "账单不对", "多扣电费"]}


def labelled(count: int) -> list[dict[str, object]]:
    rows = []
    for number in range(count):
        topic = list(SAID)[number % 2]
        text = f"{SAID[topic][number % 3]}{SAID[topic][number // 3 % 3]}第{number}次"
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)
        rows.append({"case_id": f"C{number:03d}", "text": text, "opened_at": at, "topic_label": topic})
    return rows


def test_predictions_name_case_model_predicted_and_actual(facts) -> None:
    made = evaluate(facts.given(as_of=AS_OF, case=labelled(60)), folds=3, simulated_sets=1)
    told = pl.DataFrame(made.predictions)
    assert told.columns == ["case_id", "model", "predicted", "actual"]
    assert sorted(told["model"].unique()) == ["char_tfidf_linear_svc", "ours"]
    assert told.filter(model="ours")["case_id"].n_unique() == 60
    card = pl.DataFrame(made.model_card)
    accuracy = card.filter(model="ours", target="topic_label", metric="accuracy").to_dicts()[0]
    hits = told.filter(model="ours").select((pl.col("predicted") == pl.col("actual")).mean()).item()
    assert accuracy["value"] == pytest.approx(hits)
    assert accuracy["baseline"] == "char_tfidf_linear_svc"
    delays = card.filter(pl.col("metric") == "median_delay_days").sort("target")["value"].to_list()
    # the goals at 14, 35 and 5 cases a week
    assert [one <= goal for one, goal in zip(delays, (4, 2, 8), strict=True)] == [True, True, True]
    assert card.filter(metric="false_alarms_a_month_of_200", model="ours")["value"].item() <= 1


def test_without_labels_the_rest_is_evaluated_and_it_says_so(facts) -> None:
    rows = [row | {"topic_label": None} for row in labelled(30)]
    made = evaluate(facts.given(as_of=AS_OF, case=rows), simulated_sets=1)
    assert made.predictions.num_rows == 0
    assert {note.column for note in made.notes} == {"topic_label", "discovered_topic"}


def test_without_cases_nothing_can_be_evaluated(facts) -> None:
    with pytest.raises(NothingToEvaluate):
        evaluate(facts.given(as_of=AS_OF))
