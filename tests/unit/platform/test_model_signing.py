"""Signatures of model versions."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from topform.platform.model_signing import ModelSignatureError, ModelSigner

FIRST, SECOND = "the first secret of a server, long enough", "another secret that came after the first one"


def test_a_signature_holds_for_what_was_signed_and_nothing_else() -> None:
    signer = ModelSigner([FIRST])
    signature = signer.sign(b"version 3")
    signer.verify(b"version 3", signature)
    for statement, said in ((b"version 4", signature), (b"version 3", "v1.x.y"), (b"version 3", "nonsense")):
        with pytest.raises(ModelSignatureError):
            signer.verify(statement, said)
    with pytest.raises(ModelSignatureError):
        ModelSigner([SECOND]).verify(b"version 3", signature)


def test_signatures_of_the_former_secret_hold_and_new_ones_are_of_the_current() -> None:
    signature = ModelSigner([FIRST]).sign(b"x")
    both = ModelSigner([SECOND, FIRST])
    both.verify(b"x", signature)
    ModelSigner([SECOND]).verify(b"x", both.sign(b"x"))


def test_anybody_can_check_with_the_public_key() -> None:
    signer = ModelSigner([FIRST])
    _, key_id, encoded = signer.sign(b"x").split(".")
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signer.public_keys[key_id]))
    key.verify(base64.urlsafe_b64decode(encoded), b"x")
