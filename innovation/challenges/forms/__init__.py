"""Forms of challenges: the brief and its acts (`brief`), and the rule as a sentence with slots (`composer`)."""

from innovation.challenges.forms.brief import (
    HOST,
    EditForm,
    ExtendForm,
    NamePersonForm,
    ProgrammeForm,
    PublicResultsForm,
    ReturnForm,
    StartForm,
    StopForm,
    edit_data,
)
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
