"""The state of a run: its schemas agree with each other, and its reducers keep the newest."""

from typing import get_type_hints

import pytest

from paper2code.state import FileOutput, Input, Output, State, by_path


def test_the_newer_entry_of_a_path_counts() -> None:
    assert by_path({"a.py": 1, "b.py": 1}, {"b.py": 2, "c.py": 2}) == {"a.py": 1, "b.py": 2, "c.py": 2}


@pytest.mark.parametrize("part", [Input, Output, FileOutput])
def test_what_goes_in_and_comes_out_are_keys_of_the_state(part: type) -> None:
    whole, keys = get_type_hints(State, include_extras=True), get_type_hints(part, include_extras=True)
    assert keys.items() <= whole.items(), "the same key has the same type and the same reducer everywhere"
