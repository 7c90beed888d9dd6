"""The blueprint of exports and statistics; the view modules add their routes to it."""

from flask import Blueprint

blueprint = Blueprint("reports", __name__)
