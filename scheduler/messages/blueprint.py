"""The one blueprint of messages; views add themselves to it."""

from flask import Blueprint

blueprint = Blueprint("messages", __name__)
