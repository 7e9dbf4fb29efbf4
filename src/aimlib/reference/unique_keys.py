"""YAML in which a key given twice is an error: the last one would win without a word."""

from __future__ import annotations

import yaml


class KeyTwice(yaml.MarkedYAMLError):
    """A key stands twice in a mapping; ``problem`` says which, ``problem_mark`` where the second one is."""


class UniqueKeys(yaml.SafeLoader):
    """The safe loader, with an error at the second of two equal keys of a mapping; as a key, ``on`` is a name."""

    def compose_mapping_node(self, anchor: str | None) -> yaml.MappingNode:
        """Return the mapping as it is written, before merges: what it overrides there is no repetition."""
        node = super().compose_mapping_node(anchor)
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag == "tag:yaml.org,2002:merge":
                continue
            if key.tag == "tag:yaml.org,2002:bool":  # on: is a name, whatever YAML 1.1 takes it for
                key.tag = "tag:yaml.org,2002:str"
            if key.value in seen:
                raise KeyTwice(problem=f"the key {key.value} is given twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return node
