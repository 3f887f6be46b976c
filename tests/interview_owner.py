"""A robot that sits at the keyboard: reads what an interview shows and types what a client file says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tactician.facts.vocabulary import FactSpec
from tactician.interview.answers import Answers, SegmentSaid
from tactician.interview.listing import QUESTIONS
from tactician.interview.slots import Slot
from tactician.knowledge.rules import Rulebase

CUE = re.compile(
    r"(?m)^(?:Name|Currency|Group \d+(?: \(Enter if that is all\))?|Percent|Numbers, such as [0-9 ]+; or none"
    r"|Number(?: 1-\d+)?(?: to change, or Enter to go on| \(Enter for 1\))?(?:, for all or each)?"
    r"|[^\n]{1,40}, or a letter(?:, for all or each)?"
    r"|Letter, or another number|(?:Pain|Gain|Job|Product)(?: \d+(?:, or none| \(Enter if that is all\)))?|File): $"
)
"""What stands before the cursor at every prompt."""


def squeezed(text: str) -> str:
    """The text without line breaks, however it was wrapped."""
    return " ".join(text.split())


@dataclass
class Owner:
    """Types the answers of one business; `skip` what it does not know."""

    rulebase: Rulebase
    known: Answers
    go_on: bool = False
    """Whether to go on when the interview offers to stop."""
    file: str = "result.yaml"
    _list: tuple[str, str] = ("", "")
    typed: list[str] = field(default_factory=list)

    def reply(self, screen: str, cue: str) -> str:
        """What to type, given everything shown since the last time."""
        text = self._reply(squeezed(screen), cue)
        self.typed.append(text)
        return text

    def _reply(self, screen: str, cue: str) -> str:
        word = cue.split(maxsplit=1)[0].rstrip(":,")
        self._notice_list(screen)
        if word in ("Pain", "Gain", "Job", "Product"):
            return self._item(int(cue.split()[1].rstrip(",")))
        match word:
            case "Name":
                return self.known.client
            case "Currency":
                return self.known.currency
            case "File":
                return self.file
            case "Group":
                return self._nth(
                    [segment.name for segment in self.known.segments], int(cue.split()[1].rstrip(":"))
                )
            case "Percent":
                return self._shares()
        if "Which of these do you do already?" in screen:
            return self._numbers(screen, [self.rulebase.records[r].name for r in self.known.running or ()])
        if "Which of these does" in screen:
            return self._addresses(screen)
        if "stop here and show the plan" in screen:
            return "2" if self.go_on else "1"
        if "You have an unfinished interview" in screen:
            return "1"
        return self._choice(screen)

    def _notice_list(self, screen: str) -> None:
        names = ["your customers", *(segment.name for segment in self.known.segments)]
        for kind, question in QUESTIONS.items():
            for name in names:
                if question.format(who=name) in screen:
                    self._list = (self.known.segments[0].name if name == names[0] else name, kind)

    def _nth(self, texts: list[str], number: int) -> str:
        return texts[number - 1] if number <= len(texts) else ""

    def _shares(self) -> str:
        shares = [segment.share for segment in self.known.segments]
        return " / ".join("?" if share is None else f"{share * 100:g}" for share in shares)

    def _item(self, number: int) -> str:
        segment, kind = self._list
        items = self.known.segment(segment).items.get(kind)
        if items is None:
            return "skip"
        return self._nth([item.text for item in items], number) if items else "none"

    def _numbers(self, screen: str, names: list[str]) -> str:
        return " ".join(self._number_of(screen, name) for name in names) or "none"

    def _number_of(self, screen: str, name: str) -> str:
        found = re.findall(rf"(\d+)\. {re.escape(squeezed(name))}(?= |$)", screen)
        assert found, (name, screen)
        return str(found[0])

    def _addresses(self, screen: str) -> str:
        segment = self._segment()
        product = next(i for i in segment.items["product"] if f"does “{squeezed(i.text)}” answer" in screen)
        texts = [segment.item(link.item).text for link in product.addresses or ()]
        return self._numbers(screen, texts)

    def _segment(self) -> SegmentSaid:
        return self.known.segment(self._list[0])

    def _choice(self, screen: str) -> str:
        asked = [spec for spec in self.rulebase.vocabulary.facts.values() if spec.question in screen]
        item = re.search(r"“(.+?)”: ", screen)
        link = re.search(r"“(.+?)” for ", screen)
        if link and asked and asked[-1].scope == "link":
            product = next(i for i in self._segment().items["product"] if squeezed(i.text) == link[1])
            return " / ".join(
                _level(asked[-1], each.attributes.get(asked[-1].name)) for each in product.addresses or ()
            )
        if item and asked and asked[-1].scope not in ("business", "offering", "segment"):
            about = re.search(r"About (.+?): “", screen)
            segment = next(
                (s for s in self.known.segments if about and squeezed(s.name) == about[1]), self._segment()
            )
            found = next(i for i in segment.items[asked[-1].scope] if squeezed(i.text) == item[1])
            return _level(asked[-1], found.attributes.get(asked[-1].name))
        assert asked, screen
        return self._fact(asked[-1], screen)

    def _fact(self, spec: FactSpec, screen: str) -> str:
        names = [""]
        if spec.scope == "segment":
            about = re.search(r"About (.+?): ", screen)
            names = [s.name for s in self.known.segments if not about or squeezed(s.name) in about[1]]
        return " / ".join(self._value(spec, self.known.stated(Slot(spec.id, name))) for name in names)

    def _value(self, spec: FactSpec, value: object) -> str:
        if value is None:
            return "skip"
        if spec.is_number:
            return f"{value:.15g}".replace(".", ",") if isinstance(value, int | float) else ""
        if isinstance(value, bool):
            return "1" if value else "2"
        return _level(spec, str(value))


def _level(spec: FactSpec, level: str | None) -> str:
    return "skip" if level is None else str(spec.levels.index(level) + 1)
