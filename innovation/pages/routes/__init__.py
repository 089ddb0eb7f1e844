"""One module a page; all on one blueprint."""

from innovation.kernel.web import blueprint

bp = blueprint("pages", __name__)

from innovation.pages.routes import (
    activity,
    aids,
    awards,
    brief,
    challenge,
    desk,
    desk_decisions,
    filing,
    funnel,
    home,
    idea,
    invitations,
    inviting,
    learning,
    own_questions,
    papers,
    project,
    reports,
    results,
    rule,
    standings,
    styleguide,
    talk,
    trash,
    work,
)
