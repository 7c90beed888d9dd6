"""The pages of itineraries, in two modules under one name."""

from flask import Blueprint

blueprint = Blueprint("itineraries", __name__)
