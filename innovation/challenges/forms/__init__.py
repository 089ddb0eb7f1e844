"""Forms of challenges: the brief (`brief`), the acts on it (`acts`), and the rule as a sentence with slots (`composer`)."""

from innovation.challenges.forms.acts import (
    HOST,
    ExtendForm,
    NamePersonForm,
    ProgrammeForm,
    PublicResultsForm,
    ReturnForm,
    StopForm,
)
from innovation.challenges.forms.brief import EditForm, StartForm, edit_data
from innovation.challenges.forms.choices import BALLOT_NAMES, MESSAGES, WHEN_BALLOT, WHEN_WHO_DECIDES
from innovation.challenges.forms.composer import RuleForm

__all__ = [
    "BALLOT_NAMES",
    "HOST",
    "MESSAGES",
    "WHEN_BALLOT",
    "WHEN_WHO_DECIDES",
    "EditForm",
    "ExtendForm",
    "NamePersonForm",
    "ProgrammeForm",
    "PublicResultsForm",
    "ReturnForm",
    "RuleForm",
    "StartForm",
    "StopForm",
    "edit_data",
]
