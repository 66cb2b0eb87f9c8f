"""The life of one kind of object, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.events import Event


@dataclass(frozen=True)
class Workflow:
    """The life of one kind of object.

    `transitions`: from a state to the states that may follow; `events`: the audit event of entering a state;
    `owners`: whose act entering a state is (roles, or MACHINE), for the table in the docs and its test.
    """

    transitions: Mapping[str, frozenset[str]]
    events: Mapping[str, Event]
    owners: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def sources(self, to: str) -> frozenset[str]:
        """The states from which `to` can be entered."""
        return frozenset(state for state, following in self.transitions.items() if to in following)

    def diagram(self) -> str:
        """The transitions as a mermaid state diagram."""
        arrows = [f"    {a} --> {b}" for a, following in self.transitions.items() for b in sorted(following)]
        return "\n".join(["stateDiagram-v2", *arrows])
