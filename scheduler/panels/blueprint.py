"""The blueprint on which a coordinator's pages about panels hang."""

from flask import Blueprint

blueprint = Blueprint("panels", __name__)
