"""The blueprint on which all pages about joint entries hang."""

from flask import Blueprint

blueprint = Blueprint("delegations", __name__)
