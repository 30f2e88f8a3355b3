"""The README of truth/: what each table of the planted truth holds."""

# ruff: noqa: E501  # rows of a Markdown table cannot be broken
from pathlib import Path

from lianxin.demo.options import DemoOptions

_TEXT = """# Planted truth · 预设真值

Demo supplier 云州市供电公司 (invented), {customers} customers, seed {seed}, {first} to {last}. Everything here is what the
generator knows and an analysis must not read. A table is one file `NAME.parquet`, or a folder `NAME/` of parts.
本目录保存演示供电公司的预设真值，分析不得读取；表为单个文件或分片目录。

| table | what it holds · 内容 |
|---|---|
| generator | first and last month, seed · 起止月份与种子 |
| payer | by customer: quality (higher pays later), drift a year, mean probability that a bill is open 30 days after its due day · 付款质量 |
| payer_month | by customer and month: distress, that probability, outcome (0 on time, 1 up to 30 days late, 2 later, 3 never) · 逐月 |
| churn | by retail customer: hidden restlessness, probability to leave within 12 months of the last day, month of leaving · 流失 |
| load_event | by usage point: cause, kind, start, end (empty: lasts), magnitude (relative change) · 负荷事件及原因 |
| shift_answer | by past call: called and real reduction in kW · 错峰响应 |
| elasticity | by class: own-price elasticity, band substitution, whether prices moved apart (identifiable) · 弹性 |
| price_index, price_index_weight | by plan and month: logarithm of the price over the first month that demand answered to · 价格指数 |
| price_class_leak | agreements on a resident's price that work as workshops, with the plan they should have · 混价 |
| case_topic | by case: true topic, hot issue, duplicate group, outage, whether a promise was broken · 工单真值 |
| hot_issue | planted rises: topic, district, days, ratio, usual cases a week · 热点 |
| duplicate_group | floods of callers about one outage · 重复来电组 |
| person | names, telephone numbers and addresses that stand in case texts (grep for them) · 文本中的个人信息 |
| satisfaction_driver | weights of the drivers in the overall score · 满意度驱动因素 |
| area_component | by area, class and month: energy, and what weather, economy, Spring Festival and new connections did to it · 电量构成 |
| area_coefficient | coefficients of the load model; loss rate · 负荷模型系数 |
| shortage | days and hours in which supply is short by plan · 缺口时段 |

Probability of the event of `credit_rating` for any day: `lianxin.demo.posterior.late_posterior` (from the extracts) and
`planted_probability` (with the hidden state). The generator is described in docs/explanation/demo-supplier.md.
"""


def write_notes(folder: Path, options: DemoOptions) -> None:
    """Write truth/README.md."""
    text = _TEXT.format(customers=options.customers, seed=options.seed, first=options.first_day, last=options.last_day)
    (folder / "truth" / "README.md").write_text(text, encoding="utf-8")
