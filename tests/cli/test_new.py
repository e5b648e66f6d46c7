"""``subsidy new`` and ``subsidy schema`` as processes: files, hints, exit codes."""

import json
import os
import subprocess
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from calc import estimate, load_enterprise
from tests.cli.test_command import subsidy
from tests.present.test_enterprise_schema import SECOND_ZONE
from tests.present.test_template import let_in

SCHEMA = "enterprise.schema.json"


def test_a_template_is_written_with_its_schema_and_says_what_comes_next(tmp_path: Path) -> None:
    out = tmp_path / "企业.toml"
    done = subsidy("new", str(out), "--item", "02-capacity", "--year", "2026", "--lang", "en")
    assert done.returncode == 0
    assert done.stdout == ""
    assert f"subsidy schema -o {tmp_path / SCHEMA}" in done.stderr
    assert f"once it is filled in: subsidy check {out}" in done.stderr
    assert out.read_text("utf-8").splitlines()[0] == f"#:schema ./{SCHEMA}"
    schema = json.loads((tmp_path / SCHEMA).read_text("utf-8"))
    filled = let_in(out.read_text("utf-8"))
    sound = {"enterprise": tomllib.loads(filled)["enterprise"]}
    sound["enterprise"]["filing_date"] = "2026-06-15"
    assert Draft202012Validator(schema).is_valid(sound)
    out.write_text(filled.replace('covers = ["*"]', "covers = []").replace('"100万"', '"260万"'), "utf-8")
    # the sample of 2600万 at 10%, of which 260万 were paid a year before: nothing, since it pays once
    assert estimate(load_enterprise(str(out))).total == 0


def test_standard_output_gets_the_template_and_nothing_else() -> None:
    for arguments in ([], ["-"]):
        done = subsidy("new", *arguments, "--for", "bank", "--year", "2027")
        assert done.returncode == 0
        assert done.stderr == ""
        assert tomllib.loads(done.stdout)["enterprise"] == {"name": "", "claim_year": 2027, "kinds": ["bank"]}


def test_a_file_that_is_there_is_only_written_over_where_asked(tmp_path: Path) -> None:
    out = tmp_path / "a.toml"
    out.write_text("kept", "utf-8")
    done = subsidy("new", str(out), "--lang", "en")
    assert done.returncode == 73
    assert "--force" in done.stderr
    assert out.read_text("utf-8") == "kept"
    assert subsidy("new", "-o", str(out), "--force", "--quiet").stderr == ""
    assert out.read_text("utf-8").startswith("#:schema")


def test_a_schema_of_other_rules_is_told_and_kept(tmp_path: Path) -> None:
    assert subsidy("schema", "-o", str(tmp_path / SCHEMA)).returncode == 0
    before = (tmp_path / SCHEMA).read_bytes()
    done = subsidy("new", str(tmp_path / "a.toml"), "--rules", str(SECOND_ZONE), "--lang", "en")
    assert done.returncode == 0
    assert f"subsidy schema -o {tmp_path / SCHEMA} --rules {SECOND_ZONE}" in done.stderr
    assert (tmp_path / SCHEMA).read_bytes() == before
    assert "[[plant]]" in (tmp_path / "a.toml").read_text("utf-8")
    assert "claim_year = 2026" in (tmp_path / "a.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--for", "bnak"], "bank"),
        (["--for", "制造业"], "manufacturing"),
        (["--item", "02_capacity"], "02-capacity"),
        (["--item", "科技型企业贷款贴息"], "25-technology-loan"),
        (["--item", "zzz"], "subsidy measures"),
        (["--for", "zzz"], "gov_guarantee"),
        (["a.json"], ".toml"),
        (["a.toml", "-o", "b.toml"], "OUT"),
        (["--year", "1999"], "--year"),
    ],
)
def test_a_wrong_command_line_names_what_was_meant(arguments: list[str], says: str, tmp_path: Path) -> None:
    done = subsidy("new", *[str(tmp_path / one) if "." in one else one for one in arguments])
    assert done.returncode == 2
    assert says in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_is_told_at_once() -> None:
    done = subsidy("new", "--for", "bnak", "--item", "02_capacity")
    assert "bank" in done.stderr
    assert "02-capacity" in done.stderr


def test_an_item_that_the_kinds_cannot_claim_is_left_out_and_said() -> None:
    done = subsidy("new", "--for", "bank", "--item", "05-rd-growth", "--item", "26-risk-compensation")
    assert done.returncode == 0
    assert "05-rd-growth" in done.stderr
    assert "rd_expense" not in done.stdout
    assert "[[bad_loan]]" in done.stdout


def test_beside_a_pipe_no_schema_is_written(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    done = subsidy("new", str(pipe), "--item", "02-capacity")
    assert (done.returncode, done.stderr) == (0, "")
    assert reader.communicate(timeout=60)[0].startswith(b"#:schema")
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_file_in_no_folder_is_exit_73(tmp_path: Path) -> None:
    assert subsidy("new", str(tmp_path / "none" / "a.toml")).returncode == 73
    assert subsidy("new", str(tmp_path)).returncode == 73


@pytest.mark.parametrize("of", ["enterprise", "rules", "overlay"])
def test_a_schema_is_printed(of: str) -> None:
    done = subsidy("schema", of)
    assert done.returncode == 0
    Draft202012Validator.check_schema(json.loads(done.stdout))
    assert done.stderr == ""


def test_a_schema_knows_the_words_of_the_rules_asked_for() -> None:
    schema = json.loads(subsidy("schema", "--rules", str(SECOND_ZONE)).stdout)
    assert "plant" in schema["properties"]
    assert "1-energy" in schema["$defs"]["item"]["enum"]
    overlay = json.loads(subsidy("schema", "overlay", "--rules", str(SECOND_ZONE)).stdout)
    assert "1-energy" in overlay["properties"]["items"]["properties"]


def test_wrong_rules_are_exit_78(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text("[items.02-capacity]\ncap = 'x'\n", "utf-8")
    assert subsidy("new", "--rules", str(path)).returncode == 78
    assert subsidy("schema", "--rules", str(path)).returncode == 78
    assert subsidy("schema", "--rules", str(tmp_path / "none.toml")).returncode == 66
    assert subsidy("schema", "nonsense").returncode == 2


def test_the_number_of_a_measure_is_answered_with_its_items(tmp_path: Path) -> None:
    done = subsidy("new", str(tmp_path / "企业.toml"), "--item", "2", "--lang", "zh")
    assert done.returncode == 2
    assert done.stderr == "规则中没有事项 2\n是不是想写 02-capacity、02-chain？\n"


def test_the_next_command_names_the_rules_that_the_template_is_of(tmp_path: Path) -> None:
    out, overlay = tmp_path / "我的 企业.toml", Path(__file__).parents[2] / "examples/overlays/new_item.toml"
    done = subsidy("new", str(out), "--rules", str(overlay), "--lang", "en")
    assert done.stderr.endswith(f"once it is filled in: subsidy check '{out}' --rules {overlay}\n")
