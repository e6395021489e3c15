"""What a definition states in words that no table of facts can show."""

import pytest

from osallisuus.errors import DefinitionError
from osallisuus.model.stated import each
from osallisuus.programs import KOKEMUSOHJAUS


def test_a_label_is_no_role_of_its_own():
    """K10: a guide is called an expert by experience, too, and holds one role by either name."""
    guide = KOKEMUSOHJAUS.role("peer_guide")

    assert "expert by experience" in [text.label("en") for text in each(guide.also_called)]
    with pytest.raises(DefinitionError, match="no such role"):
        KOKEMUSOHJAUS.role("expert_by_experience")
