"""``subsidy config``: the settings in force, and where each comes from."""

from calc.cli.channel import Channel
from calc.cli.exits import Exit
from calc.cli.settings import SETTINGS, Settings, files_looked_at
from calc.present.data.documents import answer_text
from calc.present.views.config import FileState, print_config


def show_config(found: Settings, output_format: str, channel: Channel) -> int:
    """Show every setting with its value and its origin."""
    files = [(str(one), one.is_file()) for one in files_looked_at()]
    rows = [(one.name, one.variable, *found.in_force[one.name]) for one in SETTINGS]
    if output_format == "table":
        wrong = {problem.source for problem in found.problems}
        states = [(path, _state(path, exists, wrong)) for path, exists in files]
        print_config(rows, states, channel.speech)
    else:
        data = {
            "schema": "subsidy.config/1",
            "settings": {name: {"value": value, "from": origin} for name, _, value, origin in rows},
            "files": [{"path": path, "exists": exists} for path, exists in files],
        }
        channel.write(answer_text(data, output_format))
    return Exit.DONE


def _state(path: str, exists: bool, wrong: set[str]) -> FileState:
    if not exists:
        return "absent"
    return "wrong" if path in wrong else "read"
