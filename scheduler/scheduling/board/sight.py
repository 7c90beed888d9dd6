"""How somebody looks at a board: whom it shows clearly, how large, and with which hours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scheduler.scheduling.items import Item

ZOOMS = ("1", "2", "3", "4")
USUAL_ZOOM = "2"


@dataclass(frozen=True)
class Sight:
    """What an address asks of a board, by codes; empty fields ask for nothing."""

    school: str = ""
    category: str = ""
    region: str = ""
    broken: bool = False
    zoom: str = USUAL_ZOOM
    is_whole: bool = False

    @classmethod
    def asked(cls, values: Mapping[str, str]) -> "Sight":
        """Read it from an address or a form."""
        zoom = values.get("zoom", USUAL_ZOOM)
        return cls(
            school=values.get("school", ""),
            category=values.get("category", ""),
            region=values.get("region", ""),
            broken=values.get("broken") == "1",
            zoom=zoom if zoom in ZOOMS else USUAL_ZOOM,
            is_whole=values.get("whole") == "1",
        )

    @property
    def is_narrowed(self) -> bool:
        """Tell whether only some groups are looked for."""
        return bool(self.school or self.category or self.region or self.broken)

    def words(self, **changes: str) -> dict[str, str]:
        """Return the address's parameters for this sight, some of them changed."""
        now = {
            "school": self.school,
            "category": self.category,
            "region": self.region,
            "broken": "1" if self.broken else "",
            "zoom": "" if self.zoom == USUAL_ZOOM else self.zoom,
            "whole": "1" if self.is_whole else "",
        }
        return {name: word for name, word in (now | changes).items() if word}

    def shows(self, item: Item, problems: Iterable[str] = ()) -> bool:
        """Tell whether something is looked for; the others are dimmed."""
        is_asked = item.is_asked(school=self.school, category=self.category, region=self.region)
        return is_asked and (not self.broken or any(problems))
