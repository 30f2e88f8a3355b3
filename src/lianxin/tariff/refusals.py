"""What the bill engine refuses, each with its data and what to do, in two languages."""

from lianxin.foundation.errors import DataInsufficient, UnusableInput
from lianxin.foundation.language import Text


class PlanInvalid(UnusableInput):
    """A plan file holds unknown keys or values of the wrong kind."""

    text = Text("电价方案 {plan} 有误：{problems}", "Price plan {plan} is wrong: {problems}")


class PlanUnreadable(UnusableInput):
    """A plan file is no TOML."""

    text = Text("无法读取电价方案 {path}：{detail}", "Price plan {path} cannot be read: {detail}")


class PlanTimeInvalid(UnusableInput):
    """A month, date or time of day in a plan cannot be read."""

    text = Text("电价方案中的 {value!r} 无效：{expected}。", "{value!r} in the price plan is not valid: {expected}.")


class BandUnknown(UnusableInput):
    """A plan names a band that is neither one of the five nor declared under [bands]."""

    text = Text(
        "未知时段 {band!r}。可用时段：{known}；其他时段请先在 [bands] 中声明。",
        "Unknown band {band!r}. Known bands: {known}; declare others under [bands].",
    )


class BandsOverlap(UnusableInput):
    """Two bands of one period claim the same minutes."""

    text = Text("时段重叠：{first} 与 {second} 都包含 {at}。", "Bands overlap: {first} and {second} both hold {at}.")


class DayCoveredTwice(UnusableInput):
    """Two rows of [[version.periods]] claim the same day."""

    text = Text(
        "日期重复覆盖：版本 {valid_from} 的第 {first} 与第 {second} 条 periods 都适用于 {day}（{kind}）。",
        "A day is covered twice: periods {first} and {second} of version {valid_from} both apply on {day} ({kind}).",
    )


class DayNotCovered(UnusableInput):
    """No row of [[version.periods]] applies on a day."""

    text = Text(
        "日期未覆盖：版本 {valid_from} 没有适用于 {day}（{kind}）的 periods。",
        "A day is not covered: no periods of version {valid_from} apply on {day} ({kind}).",
    )


class PriceMissing(UnusableInput):
    """A version does not say what a kilowatt-hour costs, or what its demand charge costs."""

    text = Text(
        "缺少价格：版本 {valid_from} 的 {component}。", "A price is missing: {component} of version {valid_from}."
    )


class VersionsOverlap(UnusableInput):
    """Two versions of a plan hold on the same day."""

    text = Text(
        "版本重叠：自 {first} 起的版本与自 {second} 起的版本在 {second} 同时有效。",
        "Versions overlap: the one from {first} and the one from {second} both hold on {second}.",
    )


class TiersInvalid(UnusableInput):
    """The tiers of a version do not ascend, or do not end without a limit."""

    text = Text("阶梯有误（版本 {valid_from}）：{detail}", "The tiers of version {valid_from} are wrong: {detail}")


class PlanUnknown(UnusableInput):
    """No plan of that name in the catalogue."""

    text = Text(
        "目录中没有电价方案 {plan}。请用 lianxin plans list 查看，或给出 TOML 文件。{similar}",
        "No price plan {plan} in the catalogue. See 'lianxin plans list', or give a TOML file. {similar}",
    )


class PlanDuplicate(UnusableInput):
    """Two files of one folder define the same plan."""

    text = Text("电价方案 {plan} 重复定义：{files}", "Price plan {plan} is defined twice: {files}")


class PlanNotValid(UnusableInput):
    """A plan has no version on a day that must be billed."""

    text = Text(
        "电价方案 {plan} 在 {day} 无有效版本（有效期：{spans}）。",
        "Price plan {plan} is not valid on {day} (valid: {spans}).",
    )


class PlanNotEligible(UnusableInput):
    """The connected capacity lies outside the plan's range."""

    text = Text(
        "电价方案 {plan} 适用于 {range} 千伏安的用户，合同容量为 {capacity_kva} 千伏安。",
        "Price plan {plan} is for {range} kVA; the connected capacity is {capacity_kva} kVA.",
    )


class TermMissing(UnusableInput):
    """The plan or the basis needs a term of the agreement that is not given."""

    text = Text("缺少 {term}：{reason}", "{term} is needed: {reason}")


class TermInvalid(UnusableInput):
    """A term of the agreement has a value that no rule knows."""

    text = Text("{term} = {value} 无效：{reason}", "{term} = {value} is not valid: {reason}")


class SeriesPriceMissing(UnusableInput):
    """energy_base = "series", but plan_price has no price for the month."""

    text = Text(
        "电价方案 {plan} 在 {month} 缺少月度价格（plan_price，{component}）。",
        "Price plan {plan} has no monthly price for {month} (plan_price, {component}).",
    )


class TemperatureMissing(UnusableInput):
    """A band depends on the day's maximum temperature, which is not given."""

    text = Text(
        "电价方案 {plan} 的时段取决于日最高气温，缺少 {days} 天的数据（首日 {first}）。",
        "Bands of price plan {plan} depend on the day's maximum temperature; {days} days lack it (first {first}).",
    )


class ReadingsEmpty(DataInsufficient):
    """There is nothing to bill."""

    text = Text("没有可计费的读数。", "There are no readings to bill.")


class ReadingsInvalid(UnusableInput):
    """Readings overlap, are not aligned to the day, or have no finite value."""

    text = Text("读数无法计费：{detail}", "The readings cannot be billed: {detail}")


class ReadingsMissing(DataInsufficient):
    """A month lacks intervals and the plan has no rule for gaps."""

    text = Text(
        '{month} 缺少 {missing} 个时段的读数，不予计费（方案可设 gaps = "as_metered" 按已有读数计费）。',
        '{month} lacks {missing} intervals and is not billed (a plan may set gaps = "as_metered" to bill what '
        "is there).",
    )


class ReadingsNegative(UnusableInput):
    """A month has negative energy and the plan has no rule for feed-in."""

    text = Text(
        '{month} 有 {count} 个时段的电量为负（上网电量），不予计费（方案可设 negative_kwh = "zero" 或 "net"）。',
        "{month} has {count} intervals of negative kWh (feed-in) and is not billed (a plan may set negative_kwh = "
        '"zero" or "net").',
    )


class ReactiveMissing(DataInsufficient):
    """A power-factor standard is agreed, but reactive energy is not measured throughout the month."""

    text = Text(
        "{month} 缺少 {missing} 个时段的无功电量，无法按功率因数标准 {standard} 调整电费。",
        "{month} lacks {missing} intervals of kvarh; the power-factor standard {standard} cannot be applied.",
    )


class EarlierMonthRefused(DataInsufficient):
    """Yearly tiers need every earlier month of the year."""

    text = Text(
        "{month} 按年累计阶梯计费，但当年此前月份 {earlier} 未能计费。",
        "{month} has yearly tiers, and the earlier month {earlier} could not be billed.",
    )


class UrdbNotExpressible(UnusableInput):
    """A URDB rate holds something that a plan cannot say."""

    text = Text(
        "URDB 费率 {rate} 含有无法表达的内容：{fields}。",
        "URDB rate {rate} holds what a plan cannot express: {fields}.",
    )
