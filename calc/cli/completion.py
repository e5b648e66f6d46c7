"""``subsidy completion``: the script that makes a shell complete the command."""

from typing import Final

from typer.completion import get_completion_script  # type: ignore[attr-defined]

from calc.cli.channel import Channel
from calc.cli.exits import Exit

_HOW: Final = {
    "bash": "echo 'eval \"$(subsidy completion bash)\"' >> ~/.bashrc",
    "zsh": "echo 'eval \"$(subsidy completion zsh)\"' >> ~/.zshrc",
    "fish": "subsidy completion fish > ~/.config/fish/completions/subsidy.fish",
    "powershell": "subsidy completion powershell >> $PROFILE",
}


def show_completion(shell: str, variable: str, channel: Channel) -> int:
    """Write the script, and tell how it is put to use."""
    script = get_completion_script(prog_name="subsidy", complete_var=variable, shell=shell)
    channel.write(f"{script}\n")
    channel.hint(channel.speech.say("to have it in every shell: {command}", command=_HOW[shell]))
    return Exit.DONE
