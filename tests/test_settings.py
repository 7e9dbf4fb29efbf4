"""Settings come from the environment, and never show the key."""

from pathlib import Path

import pytest

from aimlib import settings
from aimlib.errors import AimError
from aimlib.settings import CENSUS_URL, read_settings, share_dir

VARIABLES = ("AIM_STORE", "CENSUS_API_KEY", "AIM_CENSUS_KEY", "AIM_CENSUS_URL", "COMTRADE_API_KEY", "AIM_COMTRADE_URL")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def test_without_variables_a_checkout_keeps_its_store_in_data():
    found = read_settings()
    assert found.store == Path(settings.__file__).resolve().parents[2] / "data" / "store"
    assert found.census_api_key is None
    assert found.census_url == CENSUS_URL


def test_an_installed_package_keeps_its_store_with_the_user(monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "_PACKAGE", tmp_path / "site-packages" / "aimlib")
    assert settings.checkout_root() is None
    assert read_settings().store.parts[-2:] == ("aimlib", "store")
    assert share_dir("notebooks") == tmp_path / "site-packages" / "aimlib" / "_share" / "notebooks"


def test_shared_folders_of_a_checkout_are_its_own():
    assert share_dir("notebooks").is_dir()
    assert share_dir("sample").parts[-2:] == ("data", "sample")


@pytest.mark.parametrize("name", ["CENSUS_API_KEY", "AIM_CENSUS_KEY"])
def test_the_key_has_two_names_and_prints_as_stars(monkeypatch, name):
    monkeypatch.setenv(name, " s3cret-key\n")
    found = read_settings()
    assert found.census_api_key.get_secret_value() == "s3cret-key"
    assert "s3cret" not in f"{found!r} {found}"


def test_an_empty_variable_counts_as_unset(monkeypatch):
    monkeypatch.setenv("CENSUS_API_KEY", "")
    monkeypatch.setenv("AIM_STORE", "")
    assert read_settings().census_api_key is None
    assert read_settings().store.name == "store"


def test_a_store_may_be_named_from_the_home_folder(monkeypatch):
    monkeypatch.setenv("AIM_STORE", "~/figures")
    assert read_settings().store == Path.home() / "figures"


def test_an_address_that_is_none_is_told_by_its_variable(monkeypatch):
    monkeypatch.setenv("AIM_CENSUS_URL", "api.census.gov")
    monkeypatch.setenv("CENSUS_API_KEY", "s3cret-key")
    with pytest.raises(AimError, match="AIM_CENSUS_URL") as caught:
        read_settings()
    assert "s3cret" not in str(caught.value)


def test_the_comtrade_key_prints_as_stars_and_its_address_holds_no_key(monkeypatch):
    monkeypatch.setenv("COMTRADE_API_KEY", " s3cret-key\n")
    found = read_settings()
    assert found.comtrade_key.get_secret_value() == "s3cret-key"
    assert "s3cret" not in f"{found!r} {found}"
    monkeypatch.setenv("AIM_COMTRADE_URL", "https://comtradeapi.un.org?subscription-key=s3cret-key")
    with pytest.raises(AimError, match="AIM_COMTRADE_URL") as caught:
        read_settings()
    assert "s3cret" not in str(caught.value)
