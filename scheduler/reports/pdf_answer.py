"""The answer that hands a reader a PDF, to be kept by nobody on the way."""

from flask import make_response
from werkzeug.wrappers import Response


def pdf_answer(content: bytes, name: str) -> Response:
    """Return the PDF as a download under that name."""
    answer = make_response(content)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
