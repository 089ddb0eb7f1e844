"""One module a page; all on one blueprint."""

from innovation.kernel.web import blueprint

bp = blueprint("pages", __name__)

from innovation.pages.routes import challenge, desk, funnel, home, idea, project, work  # noqa: E402,F401 - need bp above
