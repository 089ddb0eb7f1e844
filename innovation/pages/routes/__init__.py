"""One module a page; all on one blueprint."""

from innovation.kernel.web import blueprint

bp = blueprint("pages", __name__)

from innovation.pages.routes import (  # noqa: E402 - need bp above
    awards,  # noqa: F401
    brief,  # noqa: F401
    challenge,  # noqa: F401
    desk,  # noqa: F401
    funnel,  # noqa: F401
    home,  # noqa: F401
    idea,  # noqa: F401
    learning,  # noqa: F401
    project,  # noqa: F401
    reports,  # noqa: F401
    results,  # noqa: F401
    rule,  # noqa: F401
    standings,  # noqa: F401
    work,  # noqa: F401
)
