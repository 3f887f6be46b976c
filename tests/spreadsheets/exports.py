"""One portfolio, written down in many ways; the numbers in it are known exactly."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

NBSP, NNBSP = "\u00a0", "\u202f"
HEADINGS = {
    "en": ("client", "currency", "monthly budget", "gross margin", "average order value", "segment", "share",
           "segment size", "purchase frequency", "public buyer", "price sensitivity", "trust level"),
    "da": ("Klient", "Valuta", "Månedligt budget", "Dækningsgrad", "Gennemsnitligt køb", "Segment", "Andel",
           "Segmentstørrelse", "Køb pr. år", "Offentlig køber", "Prisfølsomhed", "Tillid"),
    "nb": ("Klient", "Valuta", "Månedsbudsjett", "Dekningsgrad", "Gjennomsnittskjøp", "Segment", "Andel",
           "Segmentstørrelse", "Kjøp per år", "Offentlig kjøper", "Prisfølsomhet", "Tillit"),
    "nl": ("Klant", "Valuta", "Maandbudget", "Brutomarge", "Gemiddelde aankoop", "Segment", "Aandeel",
           "Segmentgrootte", "Aankopen per jaar", "Publieke koper", "Prijsgevoeligheid", "Vertrouwen"),
}  # fmt: skip
TRUTHS = {"en": ("yes", "no"), "da": ("ja", "nej"), "nb": ("ja", "nei"), "nl": ("ja", "nee")}
EXCEL_TRUTHS = {
    "en": ("TRUE", "FALSE"),
    "da": ("SAND", "FALSK"),
    "nb": ("SANN", "USANN"),
    "nl": ("WAAR", "ONWAAR"),
}
UNKNOWN = {"en": "unknown", "da": "ved ikke", "nb": "vet ikke", "nl": "weet niet"}
LEVELS = {
    "en": ("low", "medium", "high"),
    "da": ("lav", "middel", "høj"),
    "nb": ("lav", "middels", "høy"),
    "nl": ("laag", "gemiddeld", "hoog"),
}
CURRENCY = {"en": "EUR", "da": "DKK", "nb": "NOK", "nl": "EUR"}


@dataclass(frozen=True)
class Client:
    """What one row states; None is unknown."""

    name: str
    budget: Decimal
    margin: Decimal
    order: Decimal
    segment: str
    size: int
    frequency: Decimal
    public: bool | None
    price: int
    trust: int | None


PORTFOLIO = tuple(
    Client(
        f"{name} {number}",
        Decimal(budget),
        Decimal(margin),
        Decimal(order),
        segment,
        size,
        Decimal(frequency),
        public,
        number % 3,
        None if number % 5 == 0 else number % 3,
    )
    for number, (name, budget, margin, order, segment, size, frequency, public) in enumerate(
        [
            ("Ærø Færgekro", "1234.50", "45.5", "1050.00", "gæster, øboere", 1_250_000, "0.2", True),
            ("Ølbryggeri Å", "3000", "38", "95.25", 'værter "og" barer', 12_500, "26", False),
            ("Café Noël", "1001", "62.25", "48.75", "café-gasten", 4_200, "1.125", None),
            ("Bœuf & Brød", "2500.25", "7.5", "12345.67", "stamgæster", 900, "0.333", False),
            ("Garnbutikken", "999.99", "51", "250", "strikkere", 1_000, "12.5", True),
            ("Coöperatie Delft", "1750", "29.9", "1000", "leden", 33_000, "52", None),
            ("Fjordkajakk", "4999.95", "55", "1234.56", "tureister", 2_345_678, "1.5", False),
            ("IJssalon Zoë", "0", "70.125", "4.8", "kinderen", 640, "9", False),
        ]
    )
)


@dataclass(frozen=True)
class Style:
    """How a program writes a sheet."""

    language: str = "da"
    delimiter: str = ";"
    encoding: str = "utf-8"
    decimal: str = ","
    group: str = ""
    money: str = "{}"
    percent: str = "{}"
    excel_truths: bool = False
    sep_line: bool = False
    trailing: str = ""
    newline: str = "\r\n"
    quoting: int = csv.QUOTE_MINIMAL
    title: str = ""
    line_break: bool = False
    """Whether a segment has a line break in its name's remark column."""
    fixed: int = -1
    """How many decimals every amount has; -1 for as many as needed."""
    minus: str = "-"
    extra: tuple[str, ...] = ()
    notes: str = field(default="", compare=False)

    def number(self, value: Decimal, digits: int = -1) -> str:
        """A number as this program writes it."""
        text = f"{value:,.{digits}f}" if digits >= 0 else f"{value.normalize():,f}"
        whole, _, fraction = text.partition(".")
        whole = whole.replace(",", self.group)
        return f"{whole}{self.decimal}{fraction}" if fraction else whole

    def row(self, client: Client) -> list[str]:
        """The cells of a client."""
        yes, no = (EXCEL_TRUTHS if self.excel_truths else TRUTHS)[self.language]
        unknown = UNKNOWN[self.language]
        levels = LEVELS[self.language]
        percent = self.percent.format
        return [
            client.name,
            CURRENCY[self.language],
            self.money.format(self.number(client.budget, self.fixed)),
            percent(self.number(client.margin)),
            self.money.format(self.number(client.order, self.fixed)),
            client.segment,
            percent(self.number(Decimal(100))) if "%" in self.percent else "1",
            self.number(Decimal(client.size)),
            self.number(client.frequency),
            unknown if client.public is None else yes if client.public else no,
            levels[client.price],
            "" if client.trust is None else levels[client.trust],
        ]

    def text(self) -> str:
        """The whole sheet."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter=self.delimiter, lineterminator="\n", quoting=self.quoting)
        if self.title:
            writer.writerow([self.title])
            writer.writerow([])
        writer.writerow([*HEADINGS[self.language], *self.extra])
        for client in PORTFOLIO:
            remark = "to\nlinjer" if self.line_break else "x"
            writer.writerow([*self.row(client), *[remark for _ in self.extra]])
        lines = buffer.getvalue().split("\n")
        if self.trailing:
            lines = [line + self.trailing if line and not self.line_break else line for line in lines]
        start = f"sep={self.delimiter}{self.newline}" if self.sep_line else ""
        return start + self.newline.join(lines)

    def write(self, path: Path) -> Path:
        """The sheet as a file."""
        path.write_bytes(self.text().encode(self.encoding, errors="strict"))
        return path


LEGACY: Callable[[str], str] = lambda text: text.replace("œ", "oe")  # noqa: E731

STYLES = {
    "danish": Style(),
    "danish cp1252": Style(encoding="cp1252"),
    "danish utf-8 with mark": Style(encoding="utf-8-sig"),
    "danish utf-16": Style(encoding="utf-16"),
    "danish grouped": Style(group=".", fixed=2),
    "danish grouped cp1252": Style(group=".", fixed=2, encoding="cp1252"),
    "danish crowns after": Style(group=".", fixed=2, money="{} kr."),
    "danish crowns before": Style(group=".", fixed=2, money="kr. {}"),
    "danish code": Style(fixed=2, money="{} DKK", percent="{} %"),
    "danish percent": Style(percent="{}%"),
    "danish excel truths": Style(excel_truths=True, trailing=";;;"),
    "danish sep line": Style(sep_line=True),
    "danish title rows": Style(title="Portefølje 2025"),
    "danish line breaks": Style(extra=("Bemærkning",), line_break=True),
    "danish all quoted": Style(quoting=csv.QUOTE_ALL, group="."),
    "danish old line ends": Style(newline="\r"),
    "danish tabs": Style(delimiter="\t"),
    "danish whole crowns": Style(group=".", money="{} kr", percent="{} pct."),
    "norwegian": Style("nb"),
    "norwegian utf-16": Style("nb", encoding="utf-16", group=NBSP),
    "norwegian no-break space": Style("nb", group=NBSP, fixed=2, money="kr {}"),
    "norwegian narrow space": Style("nb", group=NNBSP, fixed=2, money="{} kr"),
    "norwegian cp1252": Style("nb", group=NBSP, encoding="cp1252", percent=f"{{}}{NBSP}%"),
    "norwegian excel truths": Style("nb", excel_truths=True, group=" "),
    "norwegian tabs": Style("nb", delimiter="\t", encoding="utf-16", group=NBSP, money="{} NOK"),
    "norwegian unix": Style("nb", newline="\n", extra=("Merknad",)),
    "dutch": Style("nl"),
    "dutch grouped euros": Style("nl", group=".", fixed=2, money="€ {}"),
    "dutch euros after": Style("nl", group=".", fixed=2, money="{} €", percent="{} %"),
    "dutch euro words": Style("nl", group=".", money="EUR {}", encoding="utf-8-sig"),
    "dutch cp1252 euros": Style("nl", group=".", fixed=2, money="€ {}", encoding="cp1252"),
    "dutch excel truths": Style("nl", excel_truths=True, trailing=";;"),
    "dutch sep line": Style("nl", sep_line=True, group=" "),
    "dutch comma separated": Style("nl", delimiter=",", group="."),
    "dutch utf-16 big": Style("nl", encoding="utf-16", percent="{} procent"),
    "english": Style("en", delimiter=",", decimal=".", group=","),
    "english grouped": Style("en", delimiter=",", decimal=".", group=",", fixed=2, money="€{}"),
    "english semicolons": Style("en", decimal=".", group="'"),
    "english words in danish numbers": Style("en", group=".", fixed=2, excel_truths=True),
    "danish latin headings": Style(encoding="latin-1", group="."),
}  # fmt: skip
"""By what it is: 40 ways."""
