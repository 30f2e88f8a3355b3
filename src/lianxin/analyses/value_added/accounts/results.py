"""Result table key_account."""

from typing import Any

import pyarrow as pa

from lianxin.analyses.value_added.accounts.account_facts import large_customers
from lianxin.analyses.value_added.accounts.config import AccountSettings
from lianxin.analyses.value_added.accounts.score import Cap, Part, ScoredAccount, score_accounts
from lianxin.analyses.value_added.contract_table import contract_table
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.contracts.reasons import Reason, reason, rows_of
from lianxin.contracts.results.value_added import KEY_ACCOUNT
from lianxin.foundation.language import Text

_PARTS: dict[Part, Text] = {
    "revenue": Text("电费收入分 {points:.0f}（年 {amount:.2f}）", "Revenue scores {points:.0f} ({amount:.2f} a year)"),
    "energy": Text("用电量分 {points:.0f}（年 {kwh:.0f} kWh）", "Energy scores {points:.0f} ({kwh:.0f} kWh a year)"),
    "payment": Text(
        "按期缴费分 {points:.0f}（到期金额的 {share:.1%} 按期结清）",
        "Payment scores {points:.0f} ({share:.1%} of what fell due was paid in time)",
    ),
    "contract": Text(
        "合同履约分 {points:.0f}（违约事件 {events} 起，超需量 {overruns} 个月）",
        "Contract scores {points:.0f} ({events} compliance events, {overruns} months over the contract demand)",
    ),
    "growth": Text(
        "用电增长分 {points:.0f}（同比 {growth:+.1%}）", "Growth scores {points:.0f} ({growth:+.1%} on the year)"
    ),
    "external": Text(
        "外部信用分 {points:.0f}（{count} 项评价）", "External ratings score {points:.0f} ({count} ratings)"
    ),
}
_UNKNOWN = Text("{part}未知，其权重由其余各项分担", "{part} is not known; the other parts carry its weight")
_PART_NAMES: dict[Part, Text] = {
    "revenue": Text("电费收入", "revenue"),
    "energy": Text("用电量", "energy"),
    "payment": Text("按期缴费", "payment"),
    "contract": Text("合同履约", "contract performance"),
    "growth": Text("用电增长", "growth"),
    "external": Text("外部信用", "external rating"),
}
_CAPS: dict[Cap, Text] = {
    "theft": Text("有窃电记录，得分至多 {limit:g}", "theft on record: score at most {limit:g}"),
    "court_dishonest": Text(
        "列入失信被执行人，得分至多 {limit:g}", "listed as a dishonest debtor: score at most {limit:g}"
    ),
    "arrears": Text("到期欠费过多，得分至多 {limit:g}", "too much of what fell due is unpaid: score at most {limit:g}"),
}
_TIER = Text("服务等级{tier_zh}：{list_zh}", "Service tier {tier_en}: {list_en}")
_STABLE = Text(
    "各权重变动 ±{change:.0%} 时，名次在 {share:.0%} 的情形下基本不变",
    "With each weight moved by ±{change:.0%}, the rank stays about the same in {share:.0%} of the cases",
)
_NEEDED = Text(
    "有账单且容量或年电量达到大客户标准的客户", "customers with bills whose capacity or yearly energy makes them large"
)


def results(given: AnalysisInput, *, settings: AccountSettings | None = None) -> tuple[pa.Table, tuple[Note, ...]]:
    """key_account: one row a large customer, in order of rank."""
    chosen = settings or AccountSettings()
    scored = score_accounts(large_customers(given, chosen), chosen)
    notes = () if scored else (Note(table=KEY_ACCOUNT.name, column="", missing=0, needed=_NEEDED),)
    return contract_table(KEY_ACCOUNT, [account_row(item, chosen) for item in scored]), notes


def account_row(item: ScoredAccount, settings: AccountSettings) -> dict[str, Any]:
    """One row of key_account."""
    return {
        "customer_id": item.account.customer_id,
        "rank": item.rank,
        "score": item.score,
        "entitlements": list(settings.tier_of(item.score).entitlements),
        "reasons": rows_of(_reasons(item, settings)),
    }


def _reasons(item: ScoredAccount, settings: AccountSettings) -> list[Reason]:
    tier = settings.tier_of(item.score)
    names = [settings.entitlements[code] for code in tier.entitlements]
    return [
        *(reason(f"capped_{cap}", _CAPS[cap], limit=getattr(settings.caps, cap)) for cap in item.capped_by),
        *(_part_reason(item, part, points) for part, points in item.parts.items()),
        reason("rank_stability", _STABLE, share=item.stability, change=settings.weight_change),
        reason(
            "tier",
            _TIER,
            tier_en=tier.name.en,
            tier_zh=tier.name.zh,
            list_zh="、".join(name.zh for name in names),
            list_en="; ".join(name.en for name in names),
        ),
    ]


def _part_reason(item: ScoredAccount, part: Part, points: float | None) -> Reason:
    if points is None:
        name = _PART_NAMES[part]
        return Reason(
            code=f"{part}_unknown",
            value="",
            text=Text(_UNKNOWN.zh.format(part=name.zh), _UNKNOWN.en.format(part=name.en.capitalize())),
        )
    account = item.account
    values: dict[Part, dict[str, float | int]] = {
        "revenue": {"amount": account.revenue},
        "energy": {"kwh": account.kwh},
        "payment": {"share": account.paid_in_time / account.due if account.due else 0.0},
        "contract": {"events": len(account.events), "overruns": account.overrun_months},
        "growth": {"growth": account.kwh / account.kwh_before - 1 if account.kwh_before else 0.0},
        "external": {"count": len(account.ratings)},
    }
    return reason(part, _PARTS[part], points=points, **values[part])
