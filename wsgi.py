"""The application, for a production server: ``gunicorn wsgi:app``."""

from innovation.app import create_app

app = create_app()
