"""One module a page; all on one blueprint."""

from innovation.kernel.web import blueprint

bp = blueprint("pages", __name__)

from innovation.pages.routes import (  # noqa: E402 - need bp above
    activity,  # noqa: F401 - registers its routes
    aids,  # noqa: F401 - registers its routes
    awards,  # noqa: F401 - registers its routes
    brief,  # noqa: F401 - registers its routes
    challenge,  # noqa: F401 - registers its routes
    desk,  # noqa: F401 - registers its routes
    filing,  # noqa: F401 - registers its routes
    funnel,  # noqa: F401 - registers its routes
    home,  # noqa: F401 - registers its routes
    idea,  # noqa: F401 - registers its routes
    learning,  # noqa: F401 - registers its routes
    papers,  # noqa: F401 - registers its routes
    project,  # noqa: F401 - registers its routes
    reports,  # noqa: F401 - registers its routes
    results,  # noqa: F401 - registers its routes
    rule,  # noqa: F401 - registers its routes
    standings,  # noqa: F401 - registers its routes
    styleguide,  # noqa: F401 - registers its routes
    talk,  # noqa: F401 - registers its routes
    trash,  # noqa: F401 - registers its routes
    work,  # noqa: F401 - registers its routes
)
