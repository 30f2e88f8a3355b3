"""Why a report cannot be made."""

from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text


class NoRunYet(UnusableInput):
    """No successful run of the analysis."""

    text = Text(
        "尚无成功的 {analysis} 运行，无法出报告。请先运行：lianxin run {analysis} --as-of 日期",
        "There is no successful run of {analysis} to report on. Run first: lianxin run {analysis} --as-of DATE",
    )


class RunUnfit(UnusableInput):
    """The run failed, or was of other analyses."""

    text = Text(
        "运行 {run}（{status}）不含 {analysis} 的结果；它运行的是：{analyses}。",
        "Run {run} ({status}) holds no results of {analysis}; it ran: {analyses}.",
    )


class UnknownCustomer(UnusableInput):
    """There is no customer of that number in the facts that the run read."""

    text = Text(
        "运行 {run} 所读的数据中没有户号 {customer}。{similar}请核对户号，或导入 customer 后重新运行。",
        "There is no customer {customer} in the facts that run {run} read. {similar}"
        "Check the number, or import customer and run again.",
    )


class ReportNotMade(UnusableInput):
    """This analysis has no report."""

    text = Text("{analysis} 没有报告。有报告的分析：{known}。", "{analysis} has no report. Reports: {known}.")


SIMILAR = Text("相近的户号：{ids}。", "Similar numbers: {ids}. ")
NO_SIMILAR = Text("", "")
