"""``new`` and ``schema``: a file to fill in, and what may stand in one."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from calc.cli.delivery import deliver
from calc.cli.options import (
    COMMAND,
    START,
    AskedLanguage,
    Output,
    Quiet,
    Rules,
    complete_items,
    complete_kinds,
    examples,
    words,
)

app = typer.Typer(**COMMAND)


class SchemaOf(StrEnum):
    """The files that a schema can be of."""

    ENTERPRISE = "enterprise"
    RULES = "rules"
    OVERLAY = "overlay"


@app.command(
    "new",
    rich_help_panel=START,
    help=words("Start an enterprise file: a template to fill in, or with --ask question by question."),
    epilog=examples(
        "subsidy new 企业.toml",
        "subsidy new 企业.toml --for manufacturing --for high_tech",
        "subsidy new 企业.toml --item 02-capacity --item 05-rd-growth",
        "subsidy new --ask 企业.toml",
    ),
)
def _new(
    out: Annotated[
        Path | None,
        typer.Argument(
            metavar="OUT",
            help=words("The file to write; without it, the template goes to standard output."),
        ),
    ] = None,
    kinds: Annotated[
        list[str] | None,
        typer.Option(
            "--for",
            metavar="KIND",
            autocompletion=complete_kinds,
            help=words("A kind of enterprise: only what such an enterprise can claim; may be repeated."),
        ),
    ] = None,
    items: Annotated[
        list[str] | None,
        typer.Option(
            "--item",
            metavar="ITEM",
            autocompletion=complete_items,
            help=words("An item: only what it needs; may be repeated."),
        ),
    ] = None,
    ask: Annotated[
        bool, typer.Option("--ask", help=words("Ask instead, in a terminal; each answer is saved at once."))
    ] = False,
    force: Annotated[bool, typer.Option("--force", help=words("Write over a file that is there."))] = False,
    year: Annotated[
        int | None,
        typer.Option(
            "--year",
            metavar="2026",
            min=2000,
            max=2100,
            help=words("The claim year; without it, this year, as far as the policy holds."),
        ),
    ] = None,
    rules: Rules = None,
    output: Output = None,
    quiet: Quiet = False,
    lang: AskedLanguage = None,
) -> None:
    from calc.cli.new import NewRequest, start_file

    request = NewRequest(
        outs=tuple(dict.fromkeys(one for one in (out, output) if one is not None)),
        kinds=tuple(kinds or ()),
        items=tuple(items or ()),
        rules=tuple(rules or ()),
        claim_year=year,
        asks=ask,
        overwrites=force,
    )
    # An interview writes to the terminal itself.
    deliver(lambda channel: start_file(request, channel), lang, quiet=quiet, pages=not ask)


@app.command(
    "schema",
    rich_help_panel=START,
    help=words("The JSON Schema of enterprise files, rules files or overlays, for editors."),
    epilog=examples(
        "subsidy schema -o enterprise.schema.json",
        "subsidy schema overlay -o overlay.schema.json",
        "subsidy schema enterprise --rules 细则.toml",
    ),
)
def _schema(
    of: Annotated[
        SchemaOf, typer.Argument(metavar="WHAT", help=words("Of which files."))
    ] = SchemaOf.ENTERPRISE,
    rules: Rules = None,
    output: Output = None,
    quiet: Quiet = False,
    lang: AskedLanguage = None,
) -> None:
    from calc.cli.new import show_schema

    sources = tuple(rules or ())
    deliver(
        lambda channel: show_schema(of.value, sources, channel), lang, output=output, quiet=quiet, pages=True
    )
