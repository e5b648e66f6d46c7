"""Says what to do about what is wrong with an input."""

from fractions import Fraction

from calc.enterprise.problems import Problem
from calc.present.figures import decimal_text
from calc.present.language import Language
from calc.present.safe import visible
from calc.present.words.problems import LONGEST_VALUE
from calc.present.words.syntax import syntax_next


def next_step(problem: Problem, speech: Language) -> str:
    """What to do about it."""
    say, details = speech.say, problem.details
    if problem.nearest is not None:
        return say("did you mean {word}?", word=visible(problem.nearest, LONGEST_VALUE))
    if problem.code == "number":
        return how_to_write(details["type"], speech)
    if problem.code == "syntax":
        return syntax_next(details["notation"], details["message"], problem.place, speech)
    steps = {
        **_steps_for_files(problem, speech),
        **_steps_for_values(problem, speech),
        **_steps_for_doubts(problem, speech),
        **_steps_for_rules(speech),
        **_steps_for_reviews(speech),
    }
    return steps.get(problem.code) or say("correct it and run the command again")


def _steps_for_files(problem: Problem, speech: Language) -> dict[str, str]:
    say, details = speech.say, problem.details
    check = say("check the path, or pass - to read standard input")
    begin = say('begin with [enterprise], name = "…" and claim_year = 2026')
    guess = details.get("guess")
    return {
        "not_found": check,
        "no_permission": check,
        "cannot_open": check,
        "directory": say("name the files in it"),
        "not_a_file": say("pass - to read standard input"),
        "too_big": say("one file holds one enterprise, at most {most} MB", most=details.get("megabytes")),
        "encoding": say("it looks like {guess}: save it as UTF-8, in Notepad under Save as", guess=guess)
        if guess
        else say("save it as UTF-8, in Notepad under Save as"),
        "not_text_file": say("write it as text: TOML or JSON in UTF-8"),
        "empty": begin,
        "no_enterprise": begin,
        "empty_rules": say("a rules file holds [policy], [measures] and [items]; an overlay what it changes"),
        "enterprise_for_rules": say("name it before --rules: subsidy estimate 企业.toml --rules 细则.toml"),
        "too_deep": say("no file needs more than a few levels: look for a bracket that is not closed"),
        "too_many_values": say("one file holds one enterprise: split it"),
        "not_an_object": say('write {"enterprise": {"name": "…", "claim_year": 2026}}'),
        "duplicate_key": say("give each key once"),
        "unknown_column": say(
            "names of columns stand in the first row, as figures.2025.revenue; in CSV and XLSX a column of "
            "your own is called remarks, or begins with #"
        ),
        "column_twice": say("remove one of the two"),
        "unknown_sheet": say("name it like a table of an enterprise file, as investment"),
        "table_without_head": say("call the sheet of the enterprises enterprise, or 企业"),
        "table_twice": say("keep one of the two"),
        "stray_row": say("write the name of an enterprise, or its credit code, in the column enterprise"),
        "ambiguous_row": say("write the credit code instead of the name in the column enterprise"),
        "row_twice": say("write both in one row"),
        "long_number": say('write the sum with a unit: "1.3亿"'),
        "closed_folder": say("ask for permission to read it, or name another place"),
        "damaged": say("fetch or compress it again"),
        "empty_folder": say("name a folder of TOML, JSON, NDJSON, CSV, XLSX, Parquet or Arrow files"),
        "unreadable": say("make sure that its ending is right and that it is whole"),
        "locked": say("save it without a password"),
        "error_cells": say("mend their formulas, or save it as .xlsx: each of them is then told"),
        "error_cell": say("mend its formula, or write the value itself"),
        "no_result": say("open the workbook in Excel and save it: formulas are then worked out"),
        "sheet_unread": say("put all enterprises into one sheet, or begin the name of this one with #"),
        "too_many_cells": say("put a text that holds the separator in quotes"),
    }


def _steps_for_values(problem: Problem, speech: Language) -> dict[str, str]:
    say, details = speech.say, problem.details
    key = visible(str(problem.path[-1]), LONGEST_VALUE) if problem.path else ""
    word = visible(problem.value, LONGEST_VALUE) if isinstance(problem.value, str) else ""
    example = details.get("example")
    return {
        "not_a_date": how_to_write("date", speech),
        "not_a_flag": how_to_write("flag", speech),
        "not_text": how_to_write("text", speech),
        "empty_text": say("fill it in") if key == "name" else say("fill it in, or leave the key out"),
        "unsafe_text": say("delete it and type it anew, without what was pasted in"),
        "not_a_list": how_to_write("words", speech),
        "not_a_table": say("write it in braces: { … }")
        if details.get("in_array")
        else say("write [{key}] above its keys", key=key),
        "not_a_table_array": say("write [[{key}]] above each entry", key=key),
        "missing_key": say("add it: {line}", line=example) if example else say("add it"),
        "year": say("write the year as a number, without quotes: 2026"),
        "year_key": say('write the year as the key: [figures.2025], or 2027 = ["…"] under [kinds]'),
        "uscc": say("copy its 18 characters from the licence; the last is a check digit"),
        "item": say("list the items with: subsidy measures"),
        "above_whole": say("correct one of the two"),
        "from_after_until": say("exchange the two days, or correct one of them"),
        "duplicate_name": say("give each entry of a table its own name within a year"),
        "unheld_subject": say("a subject is written table:name, as investment:二期产线"),
        "not_proven": say("take the total for the least that can be reached"),
        "unknown_path": say("write figures.2025.revenue, or investment:二期产线.equipment"),
        "not_a_change": say("write PATH=VALUE, as figures.2025.revenue=3.2亿"),
        "not_a_sweep": say("write PATH=FROM..TO/STEP, as investment:二期产线.equipment=1亿..3亿/0.5亿"),
        "sweep_backwards": say("write the lesser value first: FROM..TO/STEP"),
        "nothing_set": say(
            "add --set PATH=VALUE, as --set investment:二期产线.equipment=3亿, or --sweep PATH=FROM..TO/STEP"
        ),
        "nothing_to_save": say("add --set PATH=VALUE: what it changes is saved"),
        "save_needs_name": say("name a file: --save 方案二.toml"),
        "item_elsewhere": say("see its claim years with: subsidy measures show {item}", item=word),
        "remarks_lost": say("copy them by hand where they matter"),
        "one_file": say("name two files or more: subsidy compare A.toml B.toml"),
        "exists": say("choose another name, or add --force to overwrite it"),
        "sweep_too_long": say("write a step above 0, and a shorter span"),
        "not_years": say("write 2025-2027, or one year"),
        "received_in_plan": say("what the plan itself pays needs no entry"),
        "unknown_key": say("write it under [{table}]", table=details["under"])
        if details.get("under")
        else say("remove it, or correct its spelling"),
    }


def _steps_for_doubts(problem: Problem, speech: Language) -> dict[str, str]:
    say, value = speech.say, problem.value
    ask = say("make sure of it; if it is right, leave it")
    return {
        "unusually_small": say('if it counts 万, write the unit: "{value}万"', value=decimal_text(value))
        if isinstance(value, int | Fraction) and value
        else ask,
        "unusually_low": ask,
        "unusually_high": ask,
        "above_other": say("make sure of both; if they are right, leave them"),
        "claim_year_outside": say("correct claim_year, or ask for another year with --year"),
        "no_kinds": say('name its kinds: kinds = ["manufacturing", "sme"]'),
        "filed_elsewhere": say("write a day of the claim year, or leave it out"),
        "figures_unread": say("figures stand under the financial year that they are of"),
        "no_item": say("see what each item asks for with: subsidy measures"),
        "entry_year_outside": say("year is the claim year that the entry is filed in"),
        "entry_year_past": say(
            "if it is to be filed now, write the claim year; if it was paid, add it to [[received]]"
        ),
        "starts_after_policy": ask,
        "above_ceiling": say("make sure of it; what is expected is at most the ceiling"),
        "expect_idle": say("remove it, or add what is to be claimed"),
        "received_idle": say("nothing to do; it may stay as a record"),
        "received_unassigned": say(
            'add its subject, as subject = "{subject}"',
            subject=visible(str(problem.details.get("subject")), LONGEST_VALUE),
        ),
        "received_late": say("if it was paid for an earlier claim year, write that year"),
    }


def _steps_for_rules(speech: Language) -> dict[str, str]:
    say = speech.say
    return {
        "form": say("write it in one of the forms that begin with these keys"),
        "not_a_name": say("write small English letters, digits and _, beginning with a letter"),
        "day_of_year": say("write month and day: 03-01"),
        "window_backwards": say("exchange the two days; write a span over the new year as two"),
        "slices_of_another": say('write mode = "whole", or leave of out'),
        "measure_number": say("write the measure's number as the key: 25"),
        "dangling_measure": say("add it under [measures], or correct the number"),
        "usual_from_above_to": say("exchange the two"),
        "valid_from_after_to": say("exchange the two days, or correct one of them"),
        "tiers_overlap": say("write the tiers from the lowest up"),
        "rungs_fall": say("write the rungs from the lowest up"),
        "cap_without_sum": say("write the sum, or leave the cap out: steps and words hold their own sums"),
        "cap_below_sum": say("raise the cap, or lower the sum: a sum above its cap is never paid"),
        "cap_not_whole": say("write whole yuan"),
        "floor_above_cap": say("lower the floor below the cap"),
        "item_name": say("write a name without a colon"),
        "item_twice": say("name it once"),
        "not_required": say("add required = true to the key, or take another"),
        "grade_and_award": say("stated and up_to_ratio need an award, up_to_sum a cap, open neither"),
        "caps_cross": say("let one group lie within the other, or share nothing with it"),
    }


def _steps_for_reviews(speech: Language) -> dict[str, str]:
    say = speech.say
    return {
        "outside_policy": say("correct the days, or leave the file away"),
        "beyond_policy": say("outside the policy's days nothing can be claimed: check the day"),
        "no_source": say('write under [overlay]: source = "…实施细则（文号）"'),
        "no_issued": say("write under [overlay]: issued = 2026-03-01"),
        "changes_nothing": say("leave it away, or look whether its numbers were meant to differ"),
        "number_not_cited": say("add the phrase of the detailed rules that holds it to phrase or cites"),
        "cap_above_base": say("detailed rules seldom pay more than the policy: check the sum"),
        "cap_removed": say("detailed rules seldom pay more than the policy: check the sum"),
        "cap_never_reached": say("check the sums: one of them may lack a digit"),
        "never_claimed": say("compare its claim and its conditions"),
        "word_unused": say("use it in an item, or remove it"),
    }


def how_to_write(field_type: str, speech: Language) -> str:
    """How a value of this type is written."""
    say = speech.say
    return {
        "money": say('write yuan: 26_000_000, "2600万", "1.3亿", "2,600万元"'),
        "usd": say('write US dollars: 3_000_000, "300万", "300万美元"'),
        "rate": say('write a rate between 0 and 1: 0.035 or "3.5%"'),
        "area": say('write square metres: 52_000 or "5.2万"'),
        "factor": say("write a number above 0: 7.10"),
        "count": say("write a whole number without quotes: 24"),
        "flag": say("write true or false, without quotes"),
        "date": say("write a date as 2026-03-01"),
        "text": say("write a text in quotes"),
        "word": say("write one of the words, in quotes"),
        "words": say('write a list, in brackets: ["…", "…"]'),
    }[field_type]


def type_name(field_type: str, speech: Language) -> str:
    """What values of this type are called."""
    say = speech.say
    return {
        "money": say("a sum in yuan"),
        "usd": say("a sum in US dollars"),
        "rate": say("a rate"),
        "area": say("an area in m²"),
        "factor": say("a number above 0"),
        "count": say("a whole number"),
        "flag": say("true or false"),
        "date": say("a date"),
        "text": say("a text"),
        "word": say("one word"),
        "words": say("one word or several"),
    }[field_type]
