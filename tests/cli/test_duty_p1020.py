"""One calculation of the P1020 duty, as a user asks for it."""

import json

import pytest
from commands import aim

G3 = ("--mwtp", "160", "--freight", "3", "--rate", "0.35")


def p1020(tmp_path, *arguments):
    return aim("duty", "p1020", *arguments, store=tmp_path / "store")


def test_the_five_values_in_both_units(tmp_path):
    said = p1020(tmp_path, *G3, "--unit", "c/lb")
    assert said.returncode == 0, said.stderr
    rows = {line[:30].strip(): line.split() for line in said.stdout.splitlines()}
    assert rows["Import duty"][2:] == ["40.7037", "897.36", "MMOEU00", "MMOHU00"]
    assert rows["Implied FOB Canada value"][-2:] == ["157.0000", "3,461.25"]
    assert rows["Duty-unpaid FOB value"][-2:] == ["116.2963", "2,563.89"]
    assert "119.2963" in rows["Duty-unpaid price, implied"]
    assert "--premium" in said.stdout
    assert not (tmp_path / "store").exists()


def test_json_is_one_object(tmp_path):
    said = p1020(tmp_path, *G3, "--premium", "60", "--json")
    found = json.loads(said.stdout)
    assert found["duty_c_lb"] == pytest.approx(157 / 1.35 * 0.35)
    assert found["duty_usd_t"] == pytest.approx(897.36, abs=0.005)
    assert found["duty_unpaid_premium_c_lb"] == pytest.approx(60 - 157 / 1.35 * 0.35)
    assert (found["mwtp_c_lb"], found["freight_c_lb"], found["premium_c_lb"], found["rate"]) == (160, 3, 60, 0.35)
    assert found["rate_source"] == "given"
    without = json.loads(p1020(tmp_path, *G3, "--json").stdout)
    assert without["duty_unpaid_premium_c_lb"] is None
    assert without["premium_c_lb"] is None
    assert set(without) == set(found)


def test_dollars_a_tonne_and_the_factor_of_a_day(tmp_path):
    arguments = ("--mwtp", "4792", "--freight", "0", "--unit", "$/t", "--on", "2025-11-07")
    found = json.loads(p1020(tmp_path, *arguments, "--json").stdout)
    assert found["duty_usd_t"] == pytest.approx(4792 / 3)
    assert found["mwtp_usd_t"] == 4792
    assert found["mwtp_c_lb"] == pytest.approx(4792 / 22.0462)
    assert (found["rate"], found["rate_confidence"], found["on"]) == (0.5, "sourced", "2025-11-07")
    said = p1020(tmp_path, *G3[:4], "--on", "2025-03-12")
    assert "inferred" in said.stdout
    assert "2025-03-06" in said.stdout
    assert said.stderr == ""
    late = p1020(tmp_path, *G3[:4], "--on", "2026-11-19")
    assert (late.returncode, "newest of the reporter's notes" in late.stderr) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((*G3[:4], "--rate", "35"), "0.35 for 35%"),
        ((*G3[:4], "--rate", "-0.1"), "The rate is '-0.1'"),
        ((*G3[:4], "--rate", "nan"), "The rate is 'nan'"),
        (G3[:4], "Neither a rate nor a day"),
        ((*G3, "--on", "2025-06-04"), "Both a rate and a day"),
        ((*G3[:4], "--on", "2018-07-31"), "starts on 2018-08-01"),
        ((*G3, "--unit", "$/ton"), "short ton"),
        ((*G3, "--unit", "$/kg"), "no unit of this calculation"),
        ((*G3, "--premium", "161"), "premium is above"),
        (("--mwtp", "2", "--freight", "3", "--rate", "0.5"), "freight is above"),
        (("--mwtp", "nan", "--freight", "3", "--rate", "0.5"), "The transaction price is 'nan'"),
        (("--freight", "3", "--rate", "0.5"), "Missing option '--mwtp'"),
    ],
)
def test_mistakes_have_one_message_and_exit_status_2(tmp_path, arguments, told):
    said = p1020(tmp_path, *arguments)
    assert said.returncode == 2
    assert told in said.stderr
    assert said.stdout == ""
    assert "Traceback" not in said.stderr
