"""Forms of people."""

from __future__ import annotations

from typing import Any

from babel import Locale
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
    widgets,
)
from wtforms.validators import DataRequired, Email, Length, Optional

from innovation.kernel.forms import CHOOSE, REQUIRED, Form, OnceForm, line, prose
from innovation.kernel.i18n import LANGUAGES, language
from innovation.people.service import profile

EMAIL = [DataRequired(REQUIRED), Email(_l("Write an e-mail address such as name@company.com.")), Length(max=320)]
PASSWORD_MINIMUM = 12

CIRCLES = [
    ("staff", _l("Staff: works for us")),
    ("partner", _l("Partner: an organisation we work with")),
    ("expert", _l("Invited expert")),
    ("public", _l("Public")),
]


def new_password(label: object, *, required: bool = True) -> PasswordField:
    """A field for a password to be set. Long rather than complicated; pasting is welcome."""
    rule = Length(min=PASSWORD_MINIMUM, max=200, message=_l("Use at least 12 characters; a short sentence is fine."))
    return PasswordField(
        label,
        validators=[DataRequired(REQUIRED) if required else Optional(), rule],
        render_kw={"autocomplete": "new-password"},
    )


class SignInForm(Form):
    email = EmailField(_l("E-mail address"), validators=[DataRequired(REQUIRED)], render_kw={"autocomplete": "username"})
    password = PasswordField(
        _l("Password"), validators=[DataRequired(REQUIRED)], render_kw={"autocomplete": "current-password"}
    )


class SignUpForm(Form):
    name = line(_l("Your name"), render_kw={"autocomplete": "name"})
    email = EmailField(_l("E-mail address"), validators=EMAIL, render_kw={"autocomplete": "email"})
    password = new_password(_l("Password"))


class ResetAskForm(Form):
    email = EmailField(_l("E-mail address"), validators=EMAIL, render_kw={"autocomplete": "email"})


class ResetForm(Form):
    password = new_password(_l("New password"))


class PasswordForm(Form):
    present = PasswordField(_l("Present password"), render_kw={"autocomplete": "current-password"})
    password = new_password(_l("New password"))


class ProfileForm(Form):
    name = line(_l("Your name"), render_kw={"autocomplete": "name"})
    job_title = line(_l("What you do"), required=False)
    language = RadioField(_l("Language of pages and mails"), choices=list(LANGUAGES.items()))


class ShortcutsForm(Form):
    """Whether single keys do something; what is not ticked is switched off."""

    on = BooleanField(_l("Single keys do something, such as j for the next one"))


class NamingForm(Form):
    naming = RadioField(
        _l("May we name you on public pages?"),
        choices=[("yes", _l("Yes, name me")), ("no", _l("No"))],
        validators=[DataRequired(CHOOSE)],
    )


class ResultsPageForm(Form):
    shown = BooleanField(_l("This organisation has a public results page"))
    intro = prose(_l("What visitors read first"), maximum=2000, required=False, rows=6)


class AskForm(OnceForm):
    """What one invitation and a list of them have in common. ``challenge`` gets its choices from the door."""

    challenge = SelectField(_l("Which question is it about?"))
    circle = RadioField(
        _l("How near these people stand"), choices=CIRCLES, default="expert", validators=[DataRequired(CHOOSE)]
    )
    language = SelectField(_l("Language of the mail"), choices=list(LANGUAGES.items()))
    message = prose(_l("A personal line"), maximum=1000, required=False, rows=3)


class InviteForm(AskForm):
    email = EmailField(_l("E-mail address"), validators=EMAIL)
    name = line(_l("Name"), required=False)
    circle = RadioField(
        _l("How near this person stands"), choices=CIRCLES, default="expert", validators=[DataRequired(CHOOSE)]
    )
    organisation = line(_l("Organisation"), required=False)
    department = line(_l("Department (staff only)"), required=False)

    def validate_department(self, field: StringField) -> None:
        if field.data and self.circle.data != "staff":
            raise ValidationError(_l("Only staff have a department here."))


class InviteListForm(AskForm):
    """People to invite at once, pasted or as a file; a file wins over what is pasted."""

    lines = TextAreaField(
        _l("One person a line"),
        validators=[Length(max=400_000, message=_l("This is too long for one list. Split it."))],
        render_kw={"rows": 10, "spellcheck": "false"},
    )
    file = FileField(_l("Or a file (CSV or Excel)"), render_kw={"accept": ".csv,.txt,.xlsx"})


class JoinForm(Form):
    name = line(_l("Your name"), render_kw={"autocomplete": "name"})


class ColleagueForm(Form):
    colleague = line(_l("Your colleague’s name"), render_kw={"autocomplete": "off"})
    email = EmailField(_l("Your colleague’s e-mail address"), validators=EMAIL, render_kw={"autocomplete": "off"})


INVITING = {
    "already_here": _l("This person has an account already; change the circle on the person's page."),
    "nobody_to_invite": _l("Nobody on this list can be invited. Write one person a line, with an e-mail address."),
    "too_many_lines": _l("A list has at most 5,000 lines. Split it."),
    "not_utf8": _l("The file is not written in UTF-8. Save it as “CSV UTF-8” or as an Excel workbook."),
    "not_readable": _l("This file cannot be read. Save it as “CSV UTF-8” or as an Excel workbook."),
    "own_address": _l("This is your own address. Write your colleague’s."),
    "passed_on_before": _l("You have named a colleague already; one is enough."),
}
"""Why inviting was refused."""

BROKEN_LINES = {
    "no_address": _l("There is no e-mail address."),
    "two_addresses": _l("There is more than one e-mail address. Write one person a line."),
    "bad_address": _l("This is not an e-mail address such as name@company.com."),
    "too_long": _l("The name or the organisation is longer than 200 characters."),
}
"""Why a line of a list cannot be used."""


class CircleForm(Form):
    circle = RadioField(_l("How near this person stands"), choices=CIRCLES, validators=[DataRequired(CHOOSE)])
    organisation = line(_l("Organisation"), required=False)
    department = line(_l("Department (staff only)"), required=False)


class RolesForm(Form):
    """``sure`` says that a new administrator was asked about once more."""

    sure = HiddenField()
    administrator = BooleanField(_l("Administrator: runs this place, gives roles"))
    manager = BooleanField(_l("Innovation manager: publishes challenges, answers for the funnel"))


class MeaningForm(Form):
    """What an address of a domain means."""

    circle = RadioField(_l("Who has such an address is here as"), choices=CIRCLES, validators=[DataRequired(CHOOSE)])
    organisation = line(_l("Organisation"), required=False)
    department = line(_l("Department (staff only)"), required=False)
    by_provider = BooleanField(_l("These people sign in with your organisation’s own sign-in, and have no password here"))


class DomainForm(MeaningForm):
    domain = line(_l("Domain"), maximum=253)


class SuccessorForm(Form):
    email = EmailField(_l("E-mail address of the successor"), validators=EMAIL)


class FirstRunForm(Form):
    name = line(_l("Your name"), render_kw={"autocomplete": "name"})
    email = EmailField(_l("E-mail address"), validators=EMAIL, render_kw={"autocomplete": "email"})
    password = new_password(_l("Password"))


SPOKEN = (
    *("ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "fy", "ga", "hi", "hr", "hu", "it", "ja"),
    *("ko", "lt", "lv", "mt", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "tr", "uk", "zh"),
)
"""Languages to choose from, by their tags."""

PROFILE_MESSAGES: dict[str, Any] = {
    "too_many_phrases": _l("Keep to twelve. The ones you want to be asked about most are enough."),
    "phrase_too_long": _l("Keep each line short: at most 60 characters."),
    "not_https": _l("Write a web address that begins with https://"),
    "label_missing": _l("Say in a few words what stands there."),
    "ask_too_long": _l("Use at most 600 characters."),
}


class OwnProfileForm(Form):
    expertise = prose(_l("What you know a lot about"), maximum=2000, required=False, rows=6)
    ask_me = prose(_l("What you like to be asked for"), maximum=profile.LONGEST_ASK, required=False, rows=3)
    spoken = SelectMultipleField(
        _l("Languages you read and write"),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    label_1 = StringField(_l("Link 1: what it is"))
    url_1 = StringField(_l("Link 1: address"), render_kw={"inputmode": "url", "placeholder": "https://"})
    label_2 = StringField(_l("Link 2: what it is"))
    url_2 = StringField(_l("Link 2: address"), render_kw={"inputmode": "url", "placeholder": "https://"})
    label_3 = StringField(_l("Link 3: what it is"))
    url_3 = StringField(_l("Link 3: address"), render_kw={"inputmode": "url", "placeholder": "https://"})
    label_4 = StringField(_l("Link 4: what it is"))
    url_4 = StringField(_l("Link 4: address"), render_kw={"inputmode": "url", "placeholder": "https://"})
    label_5 = StringField(_l("Link 5: what it is"))
    url_5 = StringField(_l("Link 5: address"), render_kw={"inputmode": "url", "placeholder": "https://"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spoken.choices = sorted(((tag, language_name(tag)) for tag in SPOKEN), key=lambda each: each[1].casefold())

    def phrases(self) -> list[str]:
        """What was written, line by line."""
        return (self.expertise.data or "").splitlines()

    def links(self) -> list[tuple[str, str]]:
        """Pairs of label and address, the empty ones among them, so that a place tells its field."""
        places = range(1, profile.MOST_LINKS + 1)
        return [(self[f"label_{n}"].data or "", self[f"url_{n}"].data or "") for n in places]


def language_name(tag: str) -> str:
    """A language's name in the language of the page."""
    return str(Locale.parse(tag).get_display_name(language()) or tag)
