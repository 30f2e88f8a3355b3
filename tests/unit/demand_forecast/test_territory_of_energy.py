"""Which series add up to which total."""

from lianxin.analyses.demand_forecast.energy.territory import hierarchy

KEYS = [("city", "all"), ("city", "home"), ("east", "all"), ("east", "home"), ("east", "shop"), ("west", "home")]


def test_totals_are_the_sums_of_the_deepest_series():
    found = hierarchy(KEYS, {"east": "city", "west": "city"})
    assert found.leaves == (("east", "home"), ("east", "shop"), ("west", "home"))
    assert found.sums[("city", "home")] == (("east", "home"), ("west", "home"))
    assert found.sums[("east", "all")] == (("east", "home"), ("east", "shop"))
    assert found.sums[("city", "all")] == found.leaves


def test_a_total_without_classes_is_forecast_itself():
    found = hierarchy([("VIC", "all")], {})
    assert found.leaves == (("VIC", "all"),)
    assert not found.sums


def test_areas_that_name_each_other_as_parents_do_not_loop():
    found = hierarchy([("a", "all"), ("b", "all")], {"a": "b", "b": "a"})
    assert found.leaves == (("a", "all"), ("b", "all"))
