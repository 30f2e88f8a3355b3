"""``rate`` and ``plans``."""

from pathlib import Path

import click

from lianxin.cli.options import in_workspace, json_option, language_option
from lianxin.cli.words import give, give_json, say, terminal_language, words
from lianxin.foundation.language import Language

_BASES = ("none", "capacity", "contract_demand", "actual_demand")


@click.command(
    "rate", help=words("按电价方案逐月计费，每行附算式", "one bill a calendar month, every line with its working")
)
@click.option(
    "--plan", required=True, metavar="PLAN|PLAN.toml", help=words("方案编号或文件", "id of a plan, or a file")
)
@click.option(
    "--readings", required=True, type=click.Path(path_type=Path), metavar="FILE", help=words("读数文件", "readings")
)
@click.option("--mapping", type=click.Path(path_type=Path), help=words("映射文件", "a mapping file for the readings"))
@click.option("--capacity-kva", type=float, metavar="N", help=words("合同容量", "contract capacity"))
@click.option("--contract-demand-kw", type=float, metavar="N", help=words("合同最大需量", "contract demand"))
@click.option("--basis", type=click.Choice(_BASES), help=words("基本电费计收方式", "basis of the demand charge"))
@click.option("--power-factor-standard", type=float, metavar="F", help=words("功率因数标准，如 0.90", "e.g. 0.90"))
@in_workspace
@json_option
@language_option
def rate(
    plan: str,
    readings: Path,
    mapping: Path | None,
    capacity_kva: float | None,
    contract_demand_kw: float | None,
    basis: str | None,
    power_factor_standard: float | None,
    workspace: Path,
    lang: Language | None,
    *,
    as_json: bool,
) -> None:
    """Rate readings."""
    from lianxin.workflows.rate_file import rate_file

    language = lang or terminal_language()
    rated = rate_file(
        plan=plan,
        file=readings,
        mapping_file=mapping,
        capacity_kva=capacity_kva,
        contract_demand_kw=contract_demand_kw,
        basis=basis,
        power_factor_standard=power_factor_standard,
        folder=workspace,
    )
    for refusal in rated.refused[1:]:
        say(refusal.message(language))
    if as_json:
        give_json(rated.to_json(language))
    else:
        give(rated.to_text(language))
    if rated.refused:
        # the other months are billed and printed; the exit code says that the list is not whole
        raise rated.refused[0]


@click.command("plans", help=words("电价方案目录", "the price-plan catalogue"))
@click.argument("action", type=click.Choice(["list", "show"]), default="list")
@click.argument("plan", required=False)
@in_workspace
@json_option
@language_option
def plans(action: str, plan: str | None, workspace: Path, lang: Language | None, *, as_json: bool) -> None:
    """List or show plans."""
    from lianxin.workflows.plans import list_plans, list_text, show_plan, show_text
    from lianxin.workflows.rate_file import plan_folder

    language, folder = lang or terminal_language(), plan_folder(workspace)
    if action == "show":
        if plan is None:
            raise click.UsageError(words("show 需要方案编号", "show takes the id of a plan"))
        if as_json:
            give_json(show_plan(plan, folder=folder))
        else:
            give(show_text(plan, folder=folder, language=language))
        return
    rows = list_plans(folder=folder)
    if as_json:
        give_json(rows)
    else:
        give(list_text(rows, language))


COMMANDS = (rate, plans)
