"""The blueprint on which all pages about applications hang."""

from flask import Blueprint

blueprint = Blueprint("applications", __name__)
