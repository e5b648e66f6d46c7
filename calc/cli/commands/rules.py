"""``measures``: what the rules say."""

from pathlib import Path
from typing import Annotated, Final

import typer

from calc.cli.delivery import deliver
from calc.cli.options import (
    COMMAND,
    RULES,
    AskedLanguage,
    Lang,
    Output,
    Quiet,
    Rules,
    complete_items,
    examples,
    words,
)

app = typer.Typer(**COMMAND)
HELP: Final = words("The measures of the policy and their items.")
PANEL: Final = RULES


def _list(rules: list[str] | None, output: Path | None, quiet: bool, lang: Lang | None) -> None:
    from calc.cli.measures import list_measures

    sources = tuple(rules or ())
    deliver(lambda channel: list_measures(sources, channel), lang, output=output, quiet=quiet, pages=True)


@app.callback(
    invoke_without_command=True,
    epilog=examples("subsidy measures", "subsidy measures show 25", "subsidy measures show 02-capacity"),
)
def _measures(
    context: typer.Context,
    rules: Rules = None,
    output: Output = None,
    quiet: Quiet = False,
    lang: AskedLanguage = None,
) -> None:
    if context.invoked_subcommand is None:
        _list(rules, output, quiet, lang)


@app.command("list", help=words("All measures and their items."), epilog=examples("subsidy measures list"))
def _measures_list(
    rules: Rules = None, output: Output = None, quiet: Quiet = False, lang: AskedLanguage = None
) -> None:
    _list(rules, output, quiet, lang)


@app.command(
    "show",
    help=words("A measure or an item: clause, conditions, award, caps, department."),
    epilog=examples("subsidy measures show 25", "subsidy measures show 02-capacity --rules 细则.toml"),
)
def _measures_show(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="MEASURE|ITEM",
            help=words("As 25, or 02-capacity."),
            autocompletion=complete_items,
        ),
    ],
    rules: Rules = None,
    output: Output = None,
    quiet: Quiet = False,
    lang: AskedLanguage = None,
) -> None:
    from calc.cli.measures import show_measures

    sources = tuple(rules or ())
    deliver(
        lambda channel: show_measures(tuple(names), sources, channel),
        lang,
        output=output,
        quiet=quiet,
        pages=True,
    )
