"""A time-stamping authority of the tests' own (RFC 3161), made and asked by OpenSSL."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

_SERVICE = """[stamps]
serial = ./serial
signer_cert = ./stamps.pem
signer_key = ./stamps.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""
_USE = "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n"


class Authority:
    """A root certificate, and a service that stamps under it.

    Attributes:
        root: the root's certificate, PEM.
        mood: ``well``; ``away`` answers 503; ``astray`` stamps something else than what it was asked.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.mood, self.asked = folder, "well", 0
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "use.cnf").write_text(_USE)
        (folder / "service.cnf").write_text(_SERVICE)
        (folder / "serial").write_text("01")
        new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        self._openssl("req", "-x509", *new, "-keyout", "root.key", "-out", "root.pem", "-days", "9", "-subj", "/CN=Root")
        self._openssl("req", *new, "-keyout", "stamps.key", "-out", "stamps.csr", "-subj", "/CN=Stamps")
        signed_by = ("-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-extfile", "use.cnf")
        self._openssl("x509", "-req", "-in", "stamps.csr", *signed_by, "-out", "stamps.pem", "-days", "9")
        self.root = (folder / "root.pem").read_bytes()

    def answer(self, query: bytes) -> bytes:
        """The answer to a query."""
        (self.folder / "query").write_bytes(query)
        if self.mood == "astray":
            self._openssl("ts", "-query", "-digest", "ab" * 32, "-sha256", "-cert", "-out", "query")
        self._openssl("ts", "-reply", "-config", "service.cnf", "-section", "stamps", "-queryfile", "query", "-out", "reply")
        return (self.folder / "reply").read_bytes()

    def token(self, digest: str) -> str:
        """A token over a digest, base64."""
        self._openssl("ts", "-query", "-digest", digest, "-sha256", "-cert", "-out", "query")
        made = ("-queryfile", "query", "-token_out", "-out", "token")
        self._openssl("ts", "-reply", "-config", "service.cnf", "-section", "stamps", *made)
        return base64.b64encode((self.folder / "token").read_bytes()).decode()

    @contextmanager
    def serving(self) -> Iterator[str]:
        """The authority at an address of this machine."""
        authority = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                authority.asked += 1
                query = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(503 if authority.mood == "away" else 200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.end_headers()
                if authority.mood != "away":
                    self.wfile.write(authority.answer(query))

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Door)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def _openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)
