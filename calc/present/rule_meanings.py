"""What the records of a rules file and their keys mean, in words: for the editors that read its schema."""

from calc.present.language import Language


def record_meanings(speech: Language) -> dict[str, str]:
    """What each record is, by the name of its class."""
    say = speech.say
    return {
        "Running": say("what runs over months: a claim in each claim year with at least one month of it"),
        "EntryTrigger": say("a claim for each entry of a table"),
        "FigureTrigger": say("a claim on the enterprise's year, where last year's figure is there"),
        "KindsTrigger": say("a claim on the enterprise's year, for these kinds of enterprise"),
        "AlwaysTrigger": say("open to every enterprise: a service"),
        "RatioBound": say("a share of another field"),
        "FieldBound": say("another field's own value"),
        "WordBound": say("a bound that a word of the entry selects"),
        "AtLeast": say("at least: the bound itself passes"),
        "AtMost": say("at most: the bound itself passes"),
        "MoreThan": say("more than: the bound itself does not pass"),
        "IsTrue": say("a flag that has to be true"),
        "OneOf": say("a word of the entry that has to be one of these"),
        "OfKinds": say("the enterprise has to be of one of these kinds in the claim year"),
        "Fixed": say("a fixed sum"),
        "RateOf": say("a ratio of a field, or of the product of several"),
        "SumOfRates": say("several ratios, added up"),
        "PricedAt": say("what is spared where the product of some fields is charged at a ratio only"),
        "Tier": say("from a value on, a ratio"),
        "Tiers": say("ratios by tier"),
        "Rung": say("from a value on, a fixed sum"),
        "Ladder": say("a fixed sum by the highest rung reached; below the first, nothing"),
        "Each": say("so much for each unit of a field"),
        "ByWord": say("a fixed sum, or a ratio of a field, that a word of the entry selects"),
        "Interest": say("interest on a principal for the months of the claim year"),
        "SharedLoss": say("a ratio of a loss, of which the enterprise bears a share"),
        "Excess": say("what a price or rate exceeds another by, at least 0, times some fields"),
        "TotalOf": say("the sum of some fields"),
        "Named": say("a name in both languages"),
        "DeclaredUsual": say("between what figures of the kind lie; beyond it the check of a file asks"),
        "DeclaredField": say("a key of a table, or a yearly figure"),
        "WholeOf": say("the table, and the key, by which an entry is a part of another table's subject"),
        "DeclaredTable": say("a table of entries"),
        "DeclaredVocabulary": say("words of its own: kinds of enterprise, yearly figures, tables"),
        "Text": say("a text in both languages"),
        "PolicyHead": say("what the policy is called, and from when to when it holds"),
        "Window": say("when an item is filed: days of the claim year"),
        "Item": say("one thing that can be applied for under a measure"),
        "Exclusive": say("items of which at most one is granted in a claim year"),
        "SharedCap": say("one cap over all claims of several items in a claim year"),
        "RulesFile": say("A rules file"),
        "OverlayHead": say("where an overlay comes from, and from when to when it holds"),
        "ItemChange": say("what an overlay changes of an item: only the keys that it names"),
        "OverlayFile": say("An overlay over the rules"),
    }


def key_meanings(speech: Language) -> dict[str, str]:
    """What each key is, by its name, or by ``Record.key`` where it means something else there."""
    return {
        **_of_triggers_and_conditions(speech),
        **_of_awards(speech),
        **_of_words(speech),
        **_of_items(speech),
    }


def _of_triggers_and_conditions(speech: Language) -> dict[str, str]:
    say = speech.say
    return {
        "start": say("the key that holds the first day"),
        "months": say("the key that counts the months"),
        "window": say("only so many months from the earliest start of the group count"),
        "together_by": say("the key whose value the entries of one group share"),
        "entry": say("the table whose entries are the subjects"),
        "where": say("for each key, the words of which the entry has to hold one"),
        "has": say("keys that the entry has to hold, all of them"),
        "has_any": say("keys of which the entry has to hold at least one"),
        "running": say("what runs over months: a claim in each claim year with at least one month of it"),
        "figure": say("a figure of the year before the claim year"),
        "kinds": say("kinds of enterprise, of which one has to be held"),
        "always": say("open to every enterprise: a service"),
        "ratio": say("the share"),
        "RatioBound.of": say("the field of which it is a share"),
        "field": say("a key of the entry, a figure as last_year.revenue, or fx.usd_cny"),
        "WordBound.by": say("the key whose word selects the bound"),
        "values": say("the bound for each word"),
        "otherwise": say("the bound for all other words"),
        "at_least": say("the least; it passes itself"),
        "together": say("the sum over all entries of the group counts"),
        "at_most": say("the most; it passes itself"),
        "more_than": say("the bound; it does not pass itself"),
        "is": say("the flag has to be true"),
        "one_of": say("the words of which it has to be one"),
    }


def _of_awards(speech: Language) -> dict[str, str]:
    say = speech.say
    return {
        "fixed": say("the sum"),
        "rate": say('the ratio, as "10%"'),
        "of": say("the fields, multiplied with each other"),
        "less": say("the field that is taken off first"),
        "sum": say("the sum"),
        "SumOfRates.sum": say("the ratios"),
        "priced_at": say("the ratio that is charged"),
        "from": say("the value from which it holds, itself included"),
        "tiers": say("the field that is tiered"),
        "mode": say("whole: the tier reached sets the ratio of all; marginal: each slice has its own"),
        "steps": say("the steps, from the lowest up"),
        "ladder": say("the field that climbs the rungs"),
        "each": say("the field that is counted"),
        "by_word": say("the key whose word selects"),
        "sums": say("the sum for each word"),
        "rates": say("the ratio for each word; needs of"),
        "interest": say("the key that holds the principal"),
        "Interest.at_most": say("the key that holds the rate paid; the lower of the two counts"),
        "shared_loss": say("the key that holds the loss"),
        "SharedLoss.at_most": say("the most, before the share is taken"),
        "share": say("the key that holds the share that the enterprise bears"),
        "excess": say("the field of the price or rate"),
        "over": say("what it has to exceed: a value, or another field"),
        "times": say("the fields that it is multiplied with"),
        "total_of": say("the fields that are added up"),
        "missing_is_zero": say("a missing one counts as nothing"),
    }


def _of_words(speech: Language) -> dict[str, str]:
    say = speech.say
    return {
        "zh": say("in Chinese"),
        "en": say("in English"),
        "open": say("it stands for the source's 等: the department has to confirm it"),
        "type": say(
            "what its value is: money (yuan), usd, rate (0 to 1), area (m²), count (whole), flag, word …"
        ),
        "required": say("the file has to give it"),
        "not_needed_for": say("words of other keys that make it needless"),
        "default": say("what stands where it is absent"),
        "example": say("a value as a file would write it"),
        "unit": say("what a count counts"),
        "usual": say("between what figures of the kind lie; beyond it the check of a file asks"),
        "usually_below": say("a key or figure beside it that it seldom exceeds"),
        "DeclaredUsual.from": say("the least that is usual, itself included"),
        "to": say("the most that is usual, itself included"),
        "or_zero": say("0 is usual too"),
        "default_to": say("another key, whose value stands where it is absent"),
        "part_of": say("the key of whose sum it is a part"),
        "expects": say("it is what the reviewer is expected to grant"),
        "DeclaredField.at_least": say("the least that is allowed"),
        "words": say("the words that are allowed, with their names"),
        "table": say("the other table"),
        "WholeOf.by": say("the key that names the other table's entry"),
        "dated": say("entries name the claim year that they belong to"),
        "belongs_to": say("the entries are parts of another table's subjects"),
        "fields": say("the keys of an entry, by name"),
        "DeclaredVocabulary.kinds": say("kinds of enterprise, by name"),
        "figures": say("yearly figures, by name"),
        "tables": say("tables of entries, by name"),
    }


def _of_items(speech: Language) -> dict[str, str]:
    say = speech.say
    return {
        "schema": say("the version of this shape"),
        "policy": say("what the policy is called, and from when to when it holds"),
        "overlay": say("where an overlay comes from, and from when to when it holds"),
        "measures": say("the measures, by number"),
        "items": say("the items, by name"),
        "exclusive": say("groups of items of which at most one is granted"),
        "shared_caps": say("caps over several items"),
        "vocabulary": say("words of its own: kinds of enterprise, yearly figures, tables"),
        "id": say("the number of the document"),
        "title": say("the name"),
        "valid_from": say("the first day on which it holds"),
        "valid_to": say("the last day on which it holds"),
        "notes": say("the closing rules, shown under every answer"),
        "readings": say("choices where the source is open"),
        "source": say("the document that it comes from"),
        "issued": say("the day on which it was issued"),
        "Window.from": say('the first day, as "03-01"'),
        "until": say('the last day, as "03-31"'),
        "measure": say("the number of the measure"),
        "phrase": say("the operative phrase, in the source's own letters"),
        "cites": say("phrases of the source that hold the other numbers"),
        "departments": say("the departments that the source names"),
        "claim": say("what makes it a claim"),
        "conditions": say("conditions, each of which has to hold"),
        "award": say("how the sum is worked out; without it, up to the cap, or an open sum"),
        "base": say("the key of whose sum each yuan supports one measure only, under the reading expense"),
        "floor": say("below it nothing is paid"),
        "cap": say('the most that one claim gets; "award": the award\'s own sum'),
        "SharedCap.cap": say("the most that all their claims of a year get together"),
        "year_cap": say("the most that all claims of the item get in a claim year"),
        "lifetime_cap": say("the most that all claims of the item get for good"),
        "pool": say("the budget of a year over all applicants"),
        "grade": say("how far the source fixes the sum"),
        "pays": say("once for each subject, in stages, or every year anew"),
        "reviewed": say("the clause says 经评审 or 符合条件: paid pro rata within the year's budget"),
        "outside_zone": say("open to those outside the zone too"),
        "recipient": say("who receives it"),
        "confirm": say("what no figure tests, and the department has to confirm"),
        "details": say("what is left to the detailed rules"),
        "filing": say("when it is filed"),
        "materials": say("what to prepare"),
        "scope": say("whether it holds for one subject or for the enterprise"),
        "closed": say("the item is no longer open"),
        "remove": say("keys of the item that are taken away"),
    }
