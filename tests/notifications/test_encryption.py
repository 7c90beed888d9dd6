"""Encrypted ways out: the server's certificate is checked, and nothing falls back to plain text."""

import datetime as dt
import ssl

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from scheduler.notifications.models import MailState
from tests.support.servers import free_port


class Keeping:
    """Keeps what it receives, and whether it came encrypted."""

    def __init__(self):
        self.received = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.received.append(server.transport.get_extra_info("sslcontext") is not None)
        return "250 OK"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for `localhost` that only this test trusts; its file and its key's file."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    begins = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + dt.timedelta(days=365 * 50))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


@pytest.fixture
def start(certificate, mail_url):
    """A function that starts a server for a scheme and points `MAIL_URL` at it."""
    started = []

    def run(scheme, *, offers_tls=True):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        handler = Keeping()
        options = {"hostname": "localhost", "port": free_port(), "server_hostname": "localhost"}
        if scheme == "smtps":
            options["ssl_context"] = context
        elif offers_tls:
            options["tls_context"] = context
        controller = Controller(handler, **options)
        controller.start()
        started.append(controller)
        mail_url(f"{scheme}://localhost:{options['port']}")
        return handler

    yield run
    for controller in started:
        controller.stop()


@pytest.fixture
def trusted(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_a_mail_leaves_encrypted(start, trusted, queue, send, stored, scheme):
    server = start(scheme)
    queue()
    send()
    assert server.received == [True]
    assert [mail.state for mail in stored()] == [MailState.SENT]


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_a_server_that_nobody_vouches_for_gets_nothing(start, queue, send, stored, scheme):
    server = start(scheme)
    queue()
    send()
    assert server.received == []
    (mail,) = stored()
    assert (mail.state, "CERTIFICATE_VERIFY_FAILED" in mail.last_error) == (MailState.QUEUED, True)


def test_a_server_without_starttls_gets_nothing(start, trusted, queue, send, stored):
    server = start("smtp+starttls", offers_tls=False)
    queue()
    send()
    assert server.received == []
    assert [mail.state for mail in stored()] == [MailState.QUEUED]
