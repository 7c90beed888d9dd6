"""The pages of planning, in several modules under one name."""

from flask import Blueprint

blueprint = Blueprint("scheduling", __name__)
