"""Code lists with their names in Chinese and English; a workspace can add codes in lianxin.toml."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lianxin.foundation.language import Text


@dataclass(frozen=True, slots=True)
class CodeList:
    """Codes of one list; ``aliases`` maps what other systems write to a code."""

    name: str
    title: Text
    codes: Mapping[str, Text]
    aliases: Mapping[str, str] = field(default_factory=dict)

    def lookup(self) -> dict[str, str]:
        """Everything that is accepted for a code, folded by ``fold``, with the code it means."""
        accepted: dict[str, str] = {fold(alias): code for alias, code in self.aliases.items()}
        for code, names in self.codes.items():
            for word in (names.zh, names.en, code):
                accepted[fold(word)] = code
        return accepted


def fold(word: str) -> str:
    """How names and codes are compared: without case, blanks, underscores and width of brackets."""
    folded = word.strip().lower().replace("（", "(").replace("）", ")")
    return "".join(char for char in folded if char not in " \t_-　")


def _codes(
    name: str, zh: str, en: str, /, aliases: Mapping[str, str] | None = None, **codes: tuple[str, str]
) -> CodeList:
    return CodeList(name, Text(zh, en), {key: Text(*value) for key, value in codes.items()}, aliases or {})


_LISTS = (
    _codes(
        "customer_class",
        "用电类别",
        "Customer class",
        {
            "全社会": "all",
            "居民": "residential",
            "农业": "agricultural",
            "工商业用电": "industrial_commercial",
            "大工业": "large_industrial",
            "普通工业用电": "general_industrial",
            "商业用电": "commercial",
            "居民用电": "residential",
            "农业用电": "agricultural",
            "一般工商业用电": "industrial_commercial",
        },
        all=("合计", "all"),
        residential=("居民生活", "residential"),
        commercial=("商业", "commercial"),
        non_industrial=("非工业", "non-industrial"),
        general_industrial=("普通工业", "general industrial"),
        large_industrial=("大工业用电", "large industrial"),
        industrial_commercial=("工商业", "industrial and commercial"),
        agricultural=("农业生产", "agricultural"),
        other=("其他", "other"),
    ),
    _codes(
        "channel",
        "受理渠道",
        "Channel",
        {
            "95598": "hotline",
            "电话": "hotline",
            "网上": "web",
            "网上国网": "app",
            "微信": "app",
            "营业厅": "hall",
        },
        hall=("营业厅", "business hall"),
        hotline=("热线", "hotline"),
        web=("网站", "website"),
        app=("移动应用", "app"),
        mail=("信函邮件", "mail"),
        visit=("走访", "visit"),
        meeting=("座谈会", "meeting"),
        card=("连心卡", "contact card"),
        other=("其他", "other"),
    ),
    _codes(
        "payment_channel",
        "缴费渠道",
        "Payment channel",
        {
            "支付宝": "third_party",
            "微信": "third_party",
            "代扣": "direct_debit",
            "银行托收": "direct_debit",
            "坐收": "hall",
            "柜台": "hall",
        },
        bank=("银行", "bank"),
        direct_debit=("银行代扣", "direct debit"),
        hall=("营业厅", "business hall"),
        app=("移动应用", "app"),
        web=("网站", "website"),
        third_party=("第三方支付", "third party"),
        prepaid_meter=("预付费电能表", "prepaid meter"),
        other=("其他", "other"),
    ),
    _codes(
        "case_type",
        "业务类型",
        "Case type",
        {"业务咨询": "inquiry", "故障报修": "repair", "投诉举报": "complaint", "业务申请": "application"},
        inquiry=("咨询", "inquiry"),
        complaint=("投诉", "complaint"),
        report=("举报", "report"),
        suggestion=("建议", "suggestion"),
        opinion=("意见", "opinion"),
        praise=("表扬", "praise"),
        repair=("报修", "repair"),
        application=("申请", "application"),
    ),
    _codes(
        "demand_basis",
        "基本电费计收方式",
        "Demand basis",
        {
            "按容量": "capacity",
            "容量": "capacity",
            "合同最大需量": "contract_demand",
            "按需量": "contract_demand",
            "实际最大需量": "actual_demand",
        },
        none=("不计", "none"),
        capacity=("按变压器容量", "capacity"),
        contract_demand=("按合同最大需量", "contract demand"),
        actual_demand=("按实际最大需量", "actual demand"),
    ),
    _codes(
        "payment_terms",
        "付款方式",
        "Payment terms",
        postpaid=("后付费", "postpaid"),
        split_monthly=("分次结算", "split monthly"),
        deposit=("保证金", "deposit"),
        prepaid=("预付费", "prepaid"),
    ),
    _codes(
        "band",
        "时段",
        "Band",
        {"尖": "sharp", "峰": "peak", "平": "flat", "谷": "valley", "尖峰时段": "sharp", "平段": "flat"},
        sharp=("尖峰", "sharp peak"),
        peak=("高峰", "peak"),
        flat=("平时段", "flat"),
        valley=("低谷", "valley"),
        deep_valley=("深谷", "deep valley"),
    ),
    _codes(
        "quality",
        "数据质量",
        "Quality",
        {"实测": "measured", "估算": "estimated", "替代": "substituted", "actual": "measured"},
        measured=("测量", "measured"),
        estimated=("估计", "estimated"),
        substituted=("替代值", "substituted"),
    ),
    _codes(
        "district_kind",
        "城乡类别",
        "Kind of district",
        {"城市": "urban", "乡村": "rural", "农网": "rural", "城网": "urban", "特殊边远": "remote"},
        urban=("城区", "urban"),
        rural=("农村", "rural"),
        remote=("特殊边远地区", "remote"),
    ),
    _codes(
        "importance",
        "重要性等级",
        "Importance",
        {
            "一般": "none",
            "特级重要": "special",
            "一级重要": "first",
            "二级重要": "second",
            "临时性重要": "temporary",
        },
        none=("非重要", "none"),
        special=("特级", "special"),
        first=("一级", "first"),
        second=("二级", "second"),
        temporary=("临时", "temporary"),
    ),
    _codes(
        "market_mode",
        "市场化属性",
        "Market mode",
        regulated=("目录电价", "regulated"),
        agency=("代理购电", "agency"),
        retail=("零售", "retail"),
        wholesale=("批发", "wholesale"),
    ),
    _codes(
        "compliance_kind",
        "违约类型",
        "Compliance event",
        theft=("窃电", "theft"),
        unauthorised_use=("违约用电", "unauthorised use"),
        over_capacity=("超容用电", "over capacity"),
        resale=("转供电", "resale"),
        breach=("其他违约", "breach"),
    ),
    _codes(
        "external_rating_kind",
        "评价类型",
        "Kind of rating",
        tax=("纳税信用", "tax"),
        court_dishonest=("失信被执行人", "dishonest debtor"),
        bank=("银行信用", "bank"),
        environment=("环保信用", "environment"),
        supplier=("供应商评价", "supplier"),
        other=("其他", "other"),
    ),
    _codes(
        "customer_event_kind",
        "客户事件类型",
        "Customer event",
        churn=("流失", "churn"),
        switch=("更换售电公司", "switch"),
        renewal=("续签", "renewal"),
        closure=("关停", "closure"),
        default=("违约", "default"),
        move=("迁址", "move"),
    ),
    _codes(
        "connection_kind",
        "业扩类型",
        "Kind of request",
        {"新装增容": "new"},
        new=("新装", "new"),
        increase=("增容", "increase"),
        decrease=("减容", "decrease"),
        suspend=("暂停", "suspend"),
        close=("销户", "close"),
    ),
    _codes(
        "supply_kind",
        "供电方式",
        "Kind of supply",
        residential=("居民", "residential"),
        low_voltage=("低压非居民", "low voltage"),
        hv_single=("高压单电源", "high voltage, single"),
        hv_double=("高压双电源", "high voltage, double"),
    ),
    _codes(
        "connection_status",
        "业扩状态",
        "Status of request",
        applied=("已申请", "applied"),
        in_work=("办理中", "in work"),
        waiting_customer=("等待客户", "waiting for customer"),
        energised=("已送电", "energised"),
        cancelled=("已撤销", "cancelled"),
    ),
    _codes(
        "outage_kind",
        "停电类型",
        "Kind of outage",
        planned=("计划停电", "planned"),
        temporary=("临时停电", "temporary"),
        fault=("故障停电", "fault"),
    ),
    _codes(
        "case_event_kind",
        "工单事件类型",
        "Case event",
        assigned=("派单", "assigned"),
        contacted=("联系客户", "contacted"),
        arrived=("到达现场", "arrived"),
        restored=("恢复供电", "restored"),
        waiting_customer=("等待客户", "waiting for customer"),
        resumed=("恢复办理", "resumed"),
        reopened=("重新打开", "reopened"),
        closed=("办结", "closed"),
    ),
    _codes(
        "measure",
        "措施",
        "Measure",
        respond=("需求响应", "demand response"),
        shift=("错峰", "shift"),
        avoid=("避峰", "avoid peak"),
        limit=("限电", "limit"),
    ),
    _codes(
        "tier",
        "客户级别",
        "Customer tier",
        vip=("VIP", "VIP"),
        core=("核心", "core"),
        standard=("标准", "standard"),
        watch=("关注", "watch"),
        loss_making=("亏损", "loss-making"),
    ),
    _codes(
        "grade",
        "信用等级",
        "Credit grade",
        None,
        **{grade: (grade, grade) for grade in ("AAA", "AA", "A", "BBB", "BB", "B", "C", "D")},
    ),
    _codes(
        "next_action",
        "下一步措施",
        "Next action",
        none=("无需措施", "none"),
        remind=("提醒缴费", "remind"),
        call=("电话催缴", "call"),
        visit=("上门催缴", "visit"),
        written_notice=("送达停电通知书", "written notice of disconnection"),
        final_notice=("停电前再次通知", "final notice"),
        propose_disconnection=("提请中止供电", "propose disconnection"),
        agree_instalments=("协商分期", "agree on instalments"),
        legal_action=("法律途径", "legal action"),
        review_terms=("复核付款方式", "review the payment terms"),
    ),
)

CODE_LISTS: dict[str, CodeList] = {code_list.name: code_list for code_list in _LISTS}


def code_lists(extra: Mapping[str, Mapping[str, Mapping[str, str]]]) -> dict[str, CodeList]:
    """The code lists with a workspace's own codes added.

    Raises:
        KeyError: ``extra`` names a list that does not exist.

    """
    lists = dict(CODE_LISTS)
    for name, codes in extra.items():
        known = lists[name]
        added = {
            code: Text(words.get("zh", words.get("en", code)), words.get("en", code)) for code, words in codes.items()
        }
        lists[name] = CodeList(known.name, known.title, {**known.codes, **added}, known.aliases)
    return lists
