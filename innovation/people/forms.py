"""Forms of people."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import DataRequired, Email, Length, Optional

from innovation.kernel.forms import CHOOSE, REQUIRED, Form, OnceForm, line, prose
from innovation.kernel.i18n import LANGUAGES

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


class InviteForm(OnceForm):
    email = EmailField(_l("E-mail address"), validators=EMAIL)
    name = line(_l("Name"), required=False)
    circle = RadioField(
        _l("How near this person stands"), choices=CIRCLES, default="expert", validators=[DataRequired(CHOOSE)]
    )
    organisation = line(_l("Organisation"), required=False)
    department = line(_l("Department (staff only)"), required=False)
    language = SelectField(_l("Language of the mail"), choices=list(LANGUAGES.items()))

    def validate_department(self, field: StringField) -> None:
        if field.data and self.circle.data != "staff":
            raise ValidationError(_l("Only staff have a department here."))


class AcceptForm(Form):
    name = line(_l("Your name"), render_kw={"autocomplete": "name"})
    password = new_password(_l("Password"))


class CircleForm(Form):
    circle = RadioField(_l("How near this person stands"), choices=CIRCLES, validators=[DataRequired(CHOOSE)])
    organisation = line(_l("Organisation"), required=False)
    department = line(_l("Department (staff only)"), required=False)


class RolesForm(Form):
    """``sure`` says that a new administrator was asked about once more."""

    sure = HiddenField()
    administrator = BooleanField(_l("Administrator: runs this place, gives roles"))
    manager = BooleanField(_l("Innovation manager: publishes challenges, answers for the funnel"))
