"""The interview in a terminal: prompts, saving, stopping and going on; once as a real process."""

import os
import pty
import select
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from calc import estimate, load_enterprise
from calc.cli.ask import conduct, file_text, settled_in
from calc.cli.prompts import Prompts
from calc.engine.answers import State
from calc.engine.interview import Interview
from calc.policy.loader import packaged_rules
from calc.present.language import language
from tests.cli.test_command import subsidy

ENTER, SPACE, CTRL_C, CTRL_D = "\r", " ", "\x03", "\x04"
RULES = packaged_rules()
CAPACITY = Interview(RULES, ("02-capacity",), 2026)


@pytest.fixture
def keyboard() -> Iterator[PipeInput]:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        yield keys


def hold(out: Path, state: State, interview: Interview = CAPACITY) -> dict[str, Any]:
    """Conduct an interview; the file's content."""
    conduct(out, state, interview, Prompts(language("en")), language("en"))
    return tomllib.loads(out.read_text("utf-8"))


TO_THE_END = [
    f"甲公司{ENTER}", ENTER, ENTER, ENTER,  # name, no credit code, the year proposed, in the zone
    f"{SPACE}{ENTER}",  # an investment
    f"二期{ENTER}", ENTER, f"{SPACE}{ENTER}", f"2.6亿{ENTER}", f"20{ENTER}",
    "n",  # no other one
]  # fmt: skip


def test_answers_become_a_file_that_estimates(keyboard: PipeInput, tmp_path: Path) -> None:
    """10% of 2.6亿 is 2600万."""
    keyboard.send_text("".join(TO_THE_END))
    out = tmp_path / "a.toml"
    content = hold(out, State({}))
    assert content == {
        "enterprise": {"name": "甲公司", "claim_year": 2026, "in_zone": True},
        "investment": [
            {
                "name": "二期",
                "year": 2026,
                "purposes": ["capacity"],
                "equipment": "2.6亿",
                "construction_months": 20,
            }
        ],
    }
    assert estimate(load_enterprise(str(out))).total == 26_000_000
    assert out.read_text("utf-8").startswith("#:schema ./enterprise.schema.json\n#:asked ")
    assert settled_in(out.read_text("utf-8")) == frozenset(("enterprise.uscc", "tables", "investment.more"))


def test_a_wrong_answer_is_told_at_once_and_can_be_mended(keyboard: PipeInput, tmp_path: Path) -> None:
    keyboard.send_text("".join(["91350100M000100Y44", ENTER, "\x7f3", ENTER, CTRL_C]))
    out = tmp_path / "a.toml"
    with pytest.raises(KeyboardInterrupt):
        hold(out, State({"enterprise": {"name": "甲"}}))
    assert tomllib.loads(out.read_text("utf-8"))["enterprise"]["uscc"] == "91350100M000100Y43"


@pytest.mark.parametrize("before", range(len(TO_THE_END)))
def test_wherever_it_stops_the_answers_are_kept_and_it_goes_on_there(
    keyboard: PipeInput, tmp_path: Path, before: int
) -> None:
    """Stop before each answer, begin again with what the file holds, and end as if never stopped."""
    key = (CTRL_C, CTRL_D)[before % 2]
    out = tmp_path / "a.toml"
    keyboard.send_text("".join(TO_THE_END[:before]) + key)
    with pytest.raises((KeyboardInterrupt, EOFError)):
        hold(out, State({}))
    text = out.read_text("utf-8") if out.exists() else ""
    state = State(tomllib.loads(text), settled_in(text) or frozenset())
    keyboard.send_text("".join(TO_THE_END[before:]))
    hold(out, state)
    assert estimate(load_enterprise(str(out))).total == 26_000_000


def test_what_was_left_open_can_be_asked_again(keyboard: PipeInput, tmp_path: Path) -> None:
    out = tmp_path / "a.toml"
    known = State(
        {
            "enterprise": {"name": "甲", "claim_year": 2026, "in_zone": True},
            "investment": [{"name": "二期", "year": 2026, "purposes": ["capacity"], "equipment": "2.6亿"}],
        },
        frozenset({"enterprise.uscc", "tables", "investment.0.construction_months", "investment.more"}),
    )
    keyboard.send_text("".join(["y", ENTER, ENTER, "18", ENTER, "n"]))
    assert hold(out, known)["investment"][0]["construction_months"] == 18


def test_a_file_says_what_was_left_open_and_keeps_decimals() -> None:
    from calc.enterprise.documents import parse_document

    content = parse_document("x", "[fx]\nusd_cny = 7.10\n[enterprise]\nname = '甲'\n", is_json=False).content
    text = file_text(State(content, frozenset({"a.b", "tables"})))
    assert "\nusd_cny = 7.10\n" in text
    assert settled_in(text) == frozenset(("a.b", "tables"))
    assert settled_in("#:asked nonsense\n") is None
    assert settled_in("[enterprise]\n") is None


# --- the process ------------------------------------------------------------------------------------------


class Terminal:
    """The command in a terminal of its own."""

    def __init__(self, *arguments: str, cwd: Path) -> None:
        self.master, slave = pty.openpty()
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("LC_", "SUBSIDY"))
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "calc", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=cwd,
            env={
                **environment, "TERM": "xterm", "LANG": "zh_CN.UTF-8", "PYTHONUTF8": "1",
                "PROMPT_TOOLKIT_NO_CPR": "1", "PYTHONPATH": str(Path(__file__).parents[2]),
            },
            start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self.shown = ""

    def wait_for(self, text: str) -> None:
        """Read until a text has appeared since the last answer."""
        deadline = time.monotonic() + 60
        while text not in self.shown:
            assert time.monotonic() < deadline, f"{text!r} did not appear in {self.shown!r}"
            if select.select([self.master], [], [], 0.2)[0]:
                try:
                    self.shown += os.read(self.master, 65536).decode("utf-8", "replace")
                except OSError:
                    break
        assert text in self.shown, self.shown

    def answer(self, question: str, keys: str) -> None:
        self.wait_for(question)
        self.shown = ""
        os.write(self.master, keys.encode())

    def end(self) -> int:
        code = self.process.wait(60)
        os.close(self.master)
        return code


def test_an_interview_in_a_real_terminal(tmp_path: Path) -> None:
    """Stopped once in the middle, gone on with, and estimated: 10% of 2600万 is 260万."""
    terminal = Terminal("new", "--ask", "企业.toml", "--item", "02-capacity", "--year", "2026", cwd=tmp_path)
    terminal.answer("名称", "晋北精工\r")
    terminal.answer("统一社会信用代码", "\r")
    terminal.answer("申报年度", "\r")
    terminal.answer("区内企业", "\r")
    terminal.answer("企业有以下哪些", " \r")
    terminal.answer("名称", "二期产线\r")
    terminal.wait_for("年度")
    terminal.answer("2026", CTRL_C)
    terminal.wait_for("继续填写：subsidy new --ask 企业.toml")
    assert terminal.end() == 130
    terminal = Terminal("new", "--ask", "企业.toml", "--item", "02-capacity", "--year", "2026", cwd=tmp_path)
    terminal.answer("二期产线 · 年度", "\r")
    terminal.answer("投资方向", " \r")
    terminal.answer("设备购置额", "2600万美元\r")
    terminal.answer("单位不适用于此处", "\x7f\x7f\r")
    terminal.answer("建设期月数", "２０\r")
    terminal.answer("还有其他投资项目吗", "\r")
    terminal.wait_for("请运行：subsidy check 企业.toml")
    assert terminal.end() == 0
    assert estimate(load_enterprise(str(tmp_path / "企业.toml"))).total == 2_600_000
    assert (tmp_path / "enterprise.schema.json").exists()


def test_without_a_terminal_it_names_the_template(tmp_path: Path) -> None:
    done = subsidy("new", "--ask", str(tmp_path / "a.toml"), "--lang", "en")
    assert done.returncode == 2
    assert f"subsidy new {tmp_path / 'a.toml'}" in done.stderr
    assert not (tmp_path / "a.toml").exists()


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("[enterprise]\nname = '甲' # 客户\n", 73, "有注释"),
        ("[enterprise]\nname = '甲'\nstray = 1\n", 65, "stray"),
        ("[enterprise\n", 65, "enterprise"),
    ],
)
def test_a_file_that_cannot_be_gone_on_with_stays_as_it_is(
    tmp_path: Path, text: str, code: int, says: str
) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text, "utf-8")
    terminal = Terminal("new", "--ask", "a.toml", cwd=tmp_path)
    terminal.wait_for(says)
    assert terminal.end() == code
    assert path.read_text("utf-8") == text
