"""``gaps``, ``whatif``, ``compare`` and ``plan``: what would pay more, and when to file what."""

from pathlib import Path
from typing import Annotated

import typer

from calc.cli.delivery import deliver
from calc.cli.options import (
    ADVISE,
    COMMAND,
    AdviceFormat,
    AnswerFormat,
    AskedLanguage,
    Count,
    Counting,
    File,
    Format,
    Output,
    Quiet,
    Reading,
    Rules,
    Stacking,
    Year,
    Yuan,
    complete_paths,
    examples,
    format_of,
    words,
)
from calc.cli.request import request_of

app = typer.Typer(**COMMAND)


@app.command(
    "gaps",
    rich_help_panel=ADVISE,
    help=words("What small change would pay: the least that makes each claim eligible."),
    epilog=examples("subsidy gaps 企业.toml", "subsidy gaps 企业.toml --format json"),
)
def _gaps(
    file: File,
    year: Year = None,
    stacking: Reading = Stacking.SUBJECT,
    count: Counting = Count.RATIO,
    output_format: AdviceFormat = None,
    rules: Rules = None,
    yuan: Yuan = False,
    output: Output = None,
    quiet: Quiet = False,
    lang: AskedLanguage = None,
) -> None:
    from calc.cli.gaps import show_gaps

    written = format_of(output_format, output, AnswerFormat)
    request = request_of([file], rules, year, stacking, count, written, yuan=yuan)
    deliver(lambda channel: show_gaps(request, channel), lang, output=output, quiet=quiet, pages=True)


@app.command(
    "whatif",
    rich_help_panel=ADVISE,
    help=words("Before and after some changes of figures."),
    epilog=examples(
        "subsidy whatif 企业.toml --set investment:二期产线.equipment=3亿",
        "subsidy whatif 企业.toml --set figures.2025.revenue=4亿 --set enterprise.in_zone=true",
        "subsidy whatif 企业.toml --set enterprise.kinds=sme,private --save 方案二.toml",
        "subsidy whatif 企业.toml --sweep investment:二期产线.equipment=1亿..4亿/0.5亿",
    ),
)
def _whatif(
    file: File,
    sets: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="PATH=VALUE",
            autocompletion=complete_paths,
            help=words("Set a figure; may be repeated."),
        ),
    ] = None,
    sweep: Annotated[
        str | None,
        typer.Option(
            "--sweep",
            metavar="PATH=FROM..TO/STEP",
            autocompletion=complete_paths,
            help=words("Show the total for each value of a figure, and where it bends."),
        ),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option("--save", metavar="NEW", help=words("Keep the changed file under this name.")),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help=words("Let --save overwrite a file that is there already."))
    ] = False,
    year: Year = None,
    stacking: Reading = Stacking.SUBJECT,
    count: Counting = Count.RATIO,
    output_format: AdviceFormat = None,
    rules: Rules = None,
    yuan: Yuan = False,
    output: Output = None,
    quiet: Quiet = False,
    lang: AskedLanguage = None,
) -> None:
    from calc.cli.whatif import Trial, show_whatif

    written = format_of(output_format, output, AnswerFormat)
    request = request_of([file], rules, year, stacking, count, written, yuan=yuan)
    trial = Trial(tuple(sets or ()), sweep, save, force)
    deliver(
        lambda channel: show_whatif(request, trial, channel),
        lang,
        output=output,
        quiet=quiet,
        pages=True,
    )


@app.command(
    "compare",
    rich_help_panel=ADVISE,
    help=words("Enterprises, or scenarios of one, side by side."),
    epilog=examples(
        "subsidy compare 企业.toml 方案二.toml",
        "subsidy compare 甲.toml 乙.toml 丙.toml --stacking strict",
        "subsidy compare 企业.toml 方案二.toml -o 对比.csv",
    ),
)
def _compare(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE", help=words("Two enterprise files or more; the first is the yardstick.")
        ),
    ],
    year: Year = None,
    stacking: Reading = Stacking.SUBJECT,
    count: Counting = Count.RATIO,
    output_format: Annotated[
        Format | None, typer.Option("--format", help=words("How the answer is written."))
    ] = None,
    rules: Rules = None,
    yuan: Yuan = False,
    output: Output = None,
    quiet: Quiet = False,
    lang: AskedLanguage = None,
) -> None:
    from calc.cli.compare import compare_files

    written = format_of(output_format, output, Format)
    request = request_of(files, rules, year, stacking, count, written, yuan=yuan)
    deliver(lambda channel: compare_files(request, channel), lang, output=output, quiet=quiet, pages=True)


@app.command(
    "plan",
    rich_help_panel=ADVISE,
    help=words("What to file in which year, so that the years together pay most."),
    epilog=examples(
        "subsidy plan 企业.toml",
        "subsidy plan 企业.toml --years 2026-2027 --defer",
        "subsidy plan 企业.toml --defer --ics 申报.ics",
    ),
)
def _plan(
    file: File,
    years: Annotated[
        str | None,
        typer.Option(
            "--years",
            metavar="2025-2027",
            help=words("The years; without it, from the claim year to the policy's last."),
        ),
    ] = None,
    defer: Annotated[
        bool, typer.Option("--defer", help=words("What pays once may also be filed in a later year."))
    ] = False,
    calendar: Annotated[
        str | None,
        typer.Option(
            "--ics",
            metavar="FILE",
            help=words(
                "Write the plan as an iCalendar file too; - is standard output, in place of the table."
            ),
        ),
    ] = None,
    year: Year = None,
    stacking: Reading = Stacking.SUBJECT,
    count: Counting = Count.RATIO,
    output_format: Annotated[
        Format | None, typer.Option("--format", help=words("How the answer is written."))
    ] = None,
    rules: Rules = None,
    yuan: Yuan = False,
    output: Output = None,
    quiet: Quiet = False,
    lang: AskedLanguage = None,
) -> None:
    from calc.cli.plan import PlanOptions, show_plan

    written = format_of(output_format, output, Format)
    request = request_of([file], rules, year, stacking, count, written, yuan=yuan)
    options = PlanOptions(years, defer, calendar)
    deliver(
        lambda channel: show_plan(request, options, channel), lang, output=output, quiet=quiet, pages=True
    )
