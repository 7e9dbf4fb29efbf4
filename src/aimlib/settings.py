"""Where things are and which keys are at hand: environment variables, with defaults that need none."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from aimlib.errors import AimError

CENSUS_URL = "https://api.census.gov/data/timeseries/intltrade"
COMTRADE_URL = "https://comtradeapi.un.org"

_PACKAGE = Path(__file__).resolve().parent
_SHARED = {"notebooks": "notebooks", "sample": "data/sample", "reports": "reports"}


def checkout_root() -> Path | None:
    """Return the folder of the checkout that this package runs from, or None when it is installed."""
    root = _PACKAGE.parents[1]
    here = (root / "pyproject.toml").is_file() and (root / "notebooks").is_dir()
    return root if here else None


def share_dir(name: Literal["notebooks", "sample", "reports"]) -> Path:
    """Return the folder of package data `name`: in the checkout, else inside the installed package."""
    root = checkout_root()
    if root is not None:
        return root / _SHARED[name]
    return _PACKAGE / "_share" / name


def default_store() -> Path:
    """Return ``data/store`` of the checkout, else the user's own data folder."""
    root = checkout_root()
    return root / "data" / "store" if root is not None else user_data_path("aimlib", appauthor=False) / "store"


class Settings(BaseSettings):
    """The settings of a run. Make one with `read_settings`, which words a mistake for the user.

    ``store`` (AIM_STORE) is a folder; ``census_api_key`` (CENSUS_API_KEY or AIM_CENSUS_KEY) prints as stars;
    ``census_url`` (AIM_CENSUS_URL) is the service's address without the name of a data set; ``comtrade_key``
    (COMTRADE_API_KEY, stars too) and ``comtrade_url`` (AIM_COMTRADE_URL) are UN Comtrade's. Cells of license figures
    that rest on fewer importers than ``least_importers`` (AIM_LEAST_IMPORTERS), or of which one importer has more
    than ``dominant_share`` (AIM_DOMINANT_SHARE, a fraction), are not shown. ``memory`` (AIM_MEMORY, such as 1GB) is
    what scans of the store's tables may take before they go to disk; without it, most of the machine's.
    """

    model_config = SettingsConfigDict(env_ignore_empty=True, hide_input_in_errors=True, extra="ignore")

    store: Path = Field(default_factory=default_store, validation_alias="AIM_STORE")
    census_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("CENSUS_API_KEY", "AIM_CENSUS_KEY")
    )
    census_url: str = Field(default=CENSUS_URL, validation_alias="AIM_CENSUS_URL", pattern=r"^https?://\S+$")
    comtrade_key: SecretStr | None = Field(default=None, validation_alias="COMTRADE_API_KEY")
    comtrade_url: str = Field(
        default=COMTRADE_URL, validation_alias="AIM_COMTRADE_URL", pattern=r"^https?://[^\s?#@]+$"
    )

    least_importers: int = Field(default=3, ge=2, validation_alias="AIM_LEAST_IMPORTERS")
    dominant_share: float = Field(default=0.8, ge=0.5, le=1.0, validation_alias="AIM_DOMINANT_SHARE")
    memory: str | None = Field(
        default=None, validation_alias="AIM_MEMORY", pattern=r"(?i)^\s*\d+(\.\d+)?\s*[KMGT]i?B\s*$"
    )

    @field_validator("store")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        return folder.expanduser().absolute()

    @field_validator("census_api_key", "comtrade_key")
    @classmethod
    def _stripped(cls, key: SecretStr | None) -> SecretStr | None:
        text = key.get_secret_value().strip() if key is not None else ""
        return SecretStr(text) if text else None

    @field_validator("census_url", "comtrade_url")
    @classmethod
    def _no_slash(cls, url: str) -> str:
        return url.rstrip("/")


_FORMS = {
    "AIM_LEAST_IMPORTERS": "It is a whole number, 2 or more.",
    "AIM_DOMINANT_SHARE": "It is a fraction from 0.5 to 1, such as 0.8.",
    "AIM_MEMORY": "It is an amount of memory with its unit, such as 1GB or 500MB.",
}


def read_settings() -> Settings:
    """Return the settings of the environment. Raises AimError naming a variable that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        names = ", ".join(sorted({str(part) for fault in error.errors() for part in fault["loc"][:1]}))
        raise AimError(
            f"The environment variable {names} cannot be used.",
            " ".join([*(form for name, form in _FORMS.items() if name in names), "Correct it, or unset it."]),
        ) from None
