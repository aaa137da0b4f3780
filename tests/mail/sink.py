"""A mail server for the tests, on a free port of this machine: it says its port on the first line, then every mail as
one line of JSON, and ends when its input closes.

Called with a certificate, its key, and how it behaves: "starttls" or "tls" asks for a name and password after the
connection is safe; "stall" is "starttls", but never says that it took the mail.
"""

import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

certificate, key, way = sys.argv[1:]


class Handler:
    async def handle_DATA(self, server, session, envelope):
        mail = {"to": envelope.rcpt_tos, "login": session.auth_data.decode(), "text": envelope.content.decode()}
        print(json.dumps(mail), flush=True)
        if way == "stall":
            await asyncio.sleep(3600)
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    found = (data.login, data.password) == (b"leerkring", b"geheim woord")
    return AuthResult(success=found, auth_data=data.login)


def connection():
    later = None if way == "tls" else context
    return SMTP(
        Handler(),
        hostname="localhost",
        tls_context=later,
        require_starttls=later is not None,
        auth_require_tls=later is not None,
        auth_required=True,
        authenticator=authenticate,
    )


async def main():
    first = context if way == "tls" else None
    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0, ssl=first)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(certificate, key)
asyncio.run(main())
