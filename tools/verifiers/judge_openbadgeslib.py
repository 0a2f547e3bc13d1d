"""Judges by openbadgeslib: Open Badges 2.0 and 3.0, as text and in pictures."""

import functools

from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob2 import OB2Verifier
from openbadgeslib.ob3 import OB3LdpVerifier, OB3Verifier
from openbadgeslib.util import download_file
from openbadgeslib.verify import issuer_did_from_document, issuer_did_from_token

# The service is on this machine, which the library would refuse to reach.
DOWNLOAD = functools.partial(download_file, allow_private=True)


def refused(judge):
    """The exception of the library is its verdict."""

    @functools.wraps(judge)
    def verdict(document, options):
        try:
            judge(document, options)
        except LibOpenBadgesException as error:
            return str(error) or repr(error), []
        return "", []

    return verdict


@refused
def text2(document, options):
    verify2(document.decode(), options)


@refused
def text3(document, options):
    verify3(document.decode(), options)


@refused
def png2(document, options):
    verify2(OB2Verifier.extract_token_from_png(document), options)


@refused
def svg2(document, options):
    verify2(OB2Verifier.extract_token_from_svg(document), options)


@refused
def png3(document, options):
    verify3(OB3Verifier.extract_token_from_png(document), options)


@refused
def svg3(document, options):
    verify3(OB3Verifier.extract_token_from_svg(document), options)


def verify2(text, options):
    verifier = OB2Verifier(download=DOWNLOAD)
    expected = {"expected_recipient": options.get("recipient"), "check_revocation": True}
    if text.lstrip().startswith("{"):
        verifier.verify_hosted(text, **expected)
    else:
        verifier.verify(text, **expected)


def verify3(text, options):
    if text.lstrip().startswith("{"):
        verifier = OB3LdpVerifier.for_issuer_did(issuer_did_from_document(text))
    else:
        verifier = OB3Verifier.for_issuer_did(issuer_did_from_token(text), download=DOWNLOAD)
    verifier.verify(text, expected_recipient=options.get("subject"), check_status=True, download=DOWNLOAD)


JUDGES = {
    "ob2-hosted": text2, "ob2-signed": text2, "ob2-png": png2, "ob2-svg": svg2,
    "ob3-embedded": text3, "ob3-jwt": text3, "ob3-png": png3, "ob3-svg": svg3,
}
