"""``measures``: what the rules say."""

from enum import StrEnum
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
    format_of,
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


Overlays = Annotated[
    list[str],
    typer.Argument(
        metavar="OVERLAY", help=words("Overlays, laid in this order; or a whole rules file before them.")
    ),
]


class DiffFormat(StrEnum):
    """How a comparison is written."""

    TABLE = "table"
    JSON = "json"


@app.command(
    "check",
    help=words("Review an overlay or a rules file before it is used: mistakes, what it means, what is odd."),
    epilog=examples("subsidy measures check 细则.toml", "subsidy measures check 细则.toml 申报指南.toml"),
)
def _measures_check(
    overlays: Overlays, output: Output = None, quiet: Quiet = False, lang: AskedLanguage = None
) -> None:
    from calc.cli.measures import check_rules

    sources = tuple(overlays)
    deliver(lambda channel: check_rules(sources, channel), lang, output=output, quiet=quiet, pages=True)


@app.command(
    "diff",
    help=words("What an overlay changes of the rules below it, in words: old and new, item by item."),
    epilog=examples("subsidy measures diff 细则.toml", "subsidy measures diff 细则.toml --format json"),
)
def _measures_diff(
    overlays: Overlays,
    output_format: Annotated[
        DiffFormat | None, typer.Option("--format", help=words("How the answer is written."))
    ] = None,
    output: Output = None,
    quiet: Quiet = False,
    lang: AskedLanguage = None,
) -> None:
    from calc.cli.measures import diff_rules

    sources, written = tuple(overlays), format_of(output_format, output, DiffFormat)
    deliver(
        lambda channel: diff_rules(sources, written, channel),
        lang,
        output=output,
        quiet=quiet,
        pages=written == "table",
    )
