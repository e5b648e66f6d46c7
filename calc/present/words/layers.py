"""Says which rules were used: where each overlay comes from, and whether it holds in the claim year."""

from collections.abc import Sequence

from calc.policy.rules import Layer, Rules
from calc.present.language import Language


def layer_lines(rules: Rules, years: Sequence[int], speech: Language) -> list[str]:
    """Which rules an answer for some claim years rests on, a line each; none for the packaged ones."""
    base, *overlays = rules.layers
    lines, span = [], years_say(years, speech)
    if not base.is_packaged:
        policy = rules.policy
        lines.append(speech.say("rules: {policy} ({source})", policy=policy.id, source=base.source))
    for layer in overlays:
        says = layer_says(layer, speech)
        if any(map(layer.holds_in, years)):
            lines.append(speech.say("overlay: {overlay}", overlay=says))
        else:
            lines.append(
                speech.say("not used, it does not hold in {year}: {overlay}", year=span, overlay=says)
            )
    return lines


def layer_says(layer: Layer, speech: Language) -> str:
    """An overlay by its source, or by its file where it names none, with its days."""
    head = layer.head
    days = [
        *([speech.say("issued {day}", day=head.issued)] if head.issued is not None else []),
        *([validity_says(layer, speech)] if head.is_dated else []),
    ]
    name = head.source or layer.source
    return speech.say("{overlay}, {days}", overlay=name, days=speech.comma.join(days)) if days else name


def validity_says(layer: Layer, speech: Language) -> str:
    """From when to when an overlay holds."""
    since, until = layer.head.valid_from, layer.head.valid_to
    if since is None:
        return speech.say("in force until {day}", day=until)
    if until is None:
        return speech.say("in force from {day} on", day=since)
    return speech.say("in force from {since} to {until}", since=since, until=until)


def years_say(years: Sequence[int], speech: Language) -> str:
    """Claim years, those that follow each other as a span."""
    spans: list[list[int]] = []
    for year in years:
        if spans and year == spans[-1][-1] + 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    texts = [f"{span[0]}–{span[-1]}" if len(span) > 1 else str(span[0]) for span in spans]
    return speech.comma.join(texts)
