"""The commands that load the trade of the world, as a user gives them."""

from commands import aim
from comtrade_rows import USA, answer, record, trade


def test_comtrade_is_loaded_and_listed(tmp_path):
    file = tmp_path / "canada.json"
    file.write_bytes(answer(trade()))
    store = tmp_path / "store"
    said = aim("load", "comtrade", str(file), "--codes", "7601,7604", "--known-on", "2024-03-01", store=store)
    assert said.returncode == 0, said.stderr
    assert "comtrade: 3 rows, export, hs4, 2022 to 2022" in said.stdout
    assert "1 blocks" in said.stderr
    assert "United Nations" in aim("tables", store=store).stdout


def test_rows_set_apart_give_an_exit_status_and_a_file(tmp_path):
    file, rejects = tmp_path / "canada.json", tmp_path / "bad.csv"
    file.write_bytes(answer([*trade(), record(USA, -5.0, flowCode="M"), *trade(flowCode="RX")]))
    said = aim("load", "comtrade", str(file), "--rejects", str(rejects), store=tmp_path / "store")
    assert said.returncode == 1
    assert "value is negative" in rejects.read_text()
    same = aim("load", "comtrade", str(file), "--rejects", str(file), store=tmp_path / "store")
    assert same.returncode == 2
    assert "one of the files to be read" in same.stderr


def test_baci_is_loaded(tmp_path):
    file = tmp_path / "BACI_HS22_Y2022.csv"
    file.write_text("t,i,j,k,v,q\n2022,124,842,760110,1500,700\n")
    said = aim("load", "baci", str(file), "--known-on", "2024-01-30", store=tmp_path / "store")
    assert said.returncode == 0, said.stderr
    assert "baci: 1 rows, HS22, hs6, 2022 to 2022" in said.stdout
    other = aim("load", "baci", str(file), "--edition", "HS93", store=tmp_path / "store")
    assert (other.returncode, "HS93" in other.stderr) == (2, True)
