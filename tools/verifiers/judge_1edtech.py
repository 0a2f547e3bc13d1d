"""Judges by the 1EdTech validator of Open Badges 2.0, which reads pictures by its bakery."""

import io
import json
import logging

import openbadges
import requests
from openbadges.verifier.openbadges_context import OPENBADGES_CONTEXT_V2_DICT

CONTEXTS = "https://w3id.org/openbadges/"


class Contexts(requests.adapters.BaseAdapter):
    """Answers for the addresses of the JSON-LD contexts, from the validator's own copy."""

    def send(self, request, **_):
        response = requests.Response()
        response.request, response.url, response.status_code = request, request.url, 200
        response.headers["Content-Type"] = "application/ld+json"
        response.raw = io.BytesIO(json.dumps(OPENBADGES_CONTEXT_V2_DICT).encode())
        return response

    def close(self):
        pass


class Session(requests.Session):
    """The session of the validator, which finds the contexts without the network."""

    def __init__(self):
        super().__init__()
        self.mount(CONTEXTS, Contexts())


requests.Session = Session

# The validator logs each error before it reports it.
logging.getLogger("openbadges.verifier").setLevel(logging.CRITICAL)


def validator(document, options):
    """The input is an address, the JSON of an assertion, a JWS, or a picture."""
    profile = {"email": options["recipient"]} if options.get("recipient") else None
    source = picture(document) if is_picture(document) else document.decode()
    result = openbadges.verify(source, recipient_profile=profile, use_cache=False, cache_backend=None)
    report = result["report"]
    messages = ["{messageLevel}: {result}".format(**message) for message in report["messages"]]
    if report["valid"]:
        return "", messages
    return "; ".join(m for m in messages if m.startswith("ERROR")) or "not valid: " + "; ".join(messages), messages


def is_picture(document):
    return document.startswith(b"\x89PNG") or document.lstrip().startswith(b"<")


def picture(document):
    file = io.BytesIO(document)
    file.name = "badge.png" if document.startswith(b"\x89PNG") else "badge.svg"
    return file


JUDGES = {"validator": validator}
