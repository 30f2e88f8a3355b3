"""The service catalogue: the packaged one, or the text of a supplier's own."""

import tomllib
from decimal import Decimal
from functools import cache
from importlib.resources import files

from pydantic import ValidationError

from lianxin.analyses.value_added.offers.config import ServiceCatalogue
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text
from lianxin.foundation.settings import validation_problems


class CatalogueInvalid(UnusableInput):
    """A service catalogue is no TOML or holds unknown keys or values."""

    text = Text("服务目录 {label} 有误：{problems}", "The service catalogue {label} is wrong: {problems}")


@cache
def packaged_catalogue() -> ServiceCatalogue:
    """The catalogue that comes with the program."""
    resource = files("lianxin.analyses.value_added.offers").joinpath("services.toml")
    return read_catalogue(resource.read_text(encoding="utf-8"), label="services.toml")


def read_catalogue(text: str, *, label: str) -> ServiceCatalogue:
    """Read a catalogue from TOML text; prices keep the decimals as written.

    Raises:
        CatalogueInvalid: no TOML, or unknown keys or wrong values, every one named.

    """
    try:
        return ServiceCatalogue.model_validate(tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        raise CatalogueInvalid(label=label, problems=str(error)) from error
    except ValidationError as error:
        raise CatalogueInvalid(label=label, problems=validation_problems(error)) from error
