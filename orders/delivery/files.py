"""How a delivery's files are made: what is written in one run, and what of it is kept, for whose key."""

from dataclasses import dataclass
from pathlib import Path

from matching.register.fixed_output import layout_path
from orders.delivery import own_keys
from orders.delivery.kinds import ENDINGS, TABLES, Kind, formats
from orders.models import Order, OrganisationKey
from portal import storage

ALWAYS_FIT = (Kind.DELIVERY_CSV, Kind.DELIVERY_PARQUET)


@dataclass(frozen=True)
class Plan:
    """What is written. `first` always has room for the register; it is kept only if nothing else was wanted
    and made. A change list never goes alone, for each row sent is answered by a row (domain rule 19)."""

    folder: Path
    wanted: tuple[Kind, ...]
    first: Kind
    has_changes: bool

    def path(self, kind: Kind) -> Path:
        return self.folder / f"delivery.{ENDINGS[kind]}"

    @property
    def further(self) -> list[Path]:
        return [self.path(kind) for kind in self.wanted if kind != self.first]

    @property
    def changes(self) -> Path | None:
        return self.path(Kind.DELIVERY_CHANGES) if self.has_changes else None


def plan(order: Order, folder: Path) -> Plan:
    """The forms that the order wants, CSV where it names no table; the first is one that always has room."""
    names = formats(order)
    wanted = tuple(kind for kind in TABLES if kind in names) or (Kind.DELIVERY_CSV,)
    first = next((kind for kind in ALWAYS_FIT if kind in wanted), Kind.DELIVERY_CSV)
    return Plan(folder, wanted, first, Kind.DELIVERY_CHANGES in names)


def keep(planned: Plan, own_key: OrganisationKey | None) -> dict[Kind, storage.StoredFile]:
    """Store what was written, encrypted for the organisation's own key alone, or for the portal's."""
    key = own_keys.key_of(own_key) if own_key else storage.delivery_key()
    made = {kind: planned.path(kind) for kind in planned.wanted if planned.path(kind).exists()}
    if not made:
        made = {planned.first: planned.path(planned.first)}
    if Kind.DELIVERY_FIXED in made:
        made[Kind.DELIVERY_LAYOUT] = layout_path(made[Kind.DELIVERY_FIXED])
    if planned.changes:
        made[Kind.DELIVERY_CHANGES] = planned.changes
    files = {}
    for kind, path in made.items():
        files[kind] = storage.store_path(path, key, folder="deliveries")
        path.unlink()
    return files


def refused(planned: Plan, endings: dict[str, str]) -> dict[str, str]:
    """The kinds that have no room for the register, from the endings that the run refused."""
    return {kind.value: endings[ENDINGS[kind]] for kind in planned.wanted if ENDINGS[kind] in endings}
