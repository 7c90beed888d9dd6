"""The blueprint of staff's pages; the view modules add their routes to it."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__)
