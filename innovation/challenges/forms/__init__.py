"""Forms of challenges: the brief (`brief`), the acts on it (`acts`), and the rule as a sentence with slots (`composer`)."""

from innovation.challenges.forms.acts import (
    HOST,
    AnswerDayForm,
    ApprovalForm,
    AudienceForm,
    DeputyForm,
    ExtendForm,
    NamePersonForm,
    PrizeForm,
    ProgrammeForm,
    PublicResultsForm,
    ReturnForm,
    StopForm,
    TermsForm,
    WordsForm,
)
from innovation.challenges.forms.brief import EditForm, StartForm, edit_data
from innovation.challenges.forms.choices import BALLOT_NAMES, MESSAGES, WHEN_BALLOT, WHEN_WHO_DECIDES
from innovation.challenges.forms.composer import RuleForm
from innovation.challenges.forms.full_part import FULL_MESSAGES, FullAnswerForm, FullPartForm, FullTermsForm

__all__ = [
    "WordsForm",
    "TermsForm",
    "PrizeForm",
    "DeputyForm",
    "AnswerDayForm",
    "AudienceForm",
    "ApprovalForm",
    "BALLOT_NAMES",
    "FULL_MESSAGES",
    "HOST",
    "MESSAGES",
    "WHEN_BALLOT",
    "WHEN_WHO_DECIDES",
    "EditForm",
    "ExtendForm",
    "FullAnswerForm",
    "FullPartForm",
    "FullTermsForm",
    "NamePersonForm",
    "ProgrammeForm",
    "PublicResultsForm",
    "ReturnForm",
    "RuleForm",
    "StartForm",
    "StopForm",
    "edit_data",
]
