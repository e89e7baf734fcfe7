"""Who may ask the server: programs and pages of this computer that know the token."""

import hmac
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search.operations.problems import problem

ADDRESS = "127.0.0.1"
_HTTP_PORT = 80  # browsers leave it out of the address
_FOR_PROGRAMS = ("/api/", "/mcp")
_SECRETS = ("token", "code")  # parameters that no page keeps in its address
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",  # of all but pages
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """An ASGI application around another: it refuses with 403 what does not come from here.

    The ``Host`` must be this server, so that another site's name for this address is refused. An ``Origin``
    must be this server too. The token must be in the address (``?token=``), in the cookie, or in
    ``Authorization: Bearer``: other accounts of this computer can connect as well. A page that is opened with
    the token in its address gets the cookie, and its address without the token. So does the first page that
    is opened with ``code`` (``?code=``), where that is not ``""``: afterwards it opens none. Every answer
    forbids the browser to show it in a frame, to keep it, or to give it to another site.
    """

    def __init__(self, application: ASGIApp, port: int, token: str, cookie: str, code: str = "") -> None:
        self._application = application
        self._token = token.encode()
        self._code = code.encode()
        self._hosts = [name if port == _HTTP_PORT else f"{name}:{port}" for name in (ADDRESS, "localhost")]
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] == "lifespan":
            await self._application(scope, receive, send)
        elif scope["type"] == "http":
            await (self._refusal(scope) or self._entry(scope) or self._application)(
                scope, receive, _with_headers(send)
            )
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        origins = {None, *(f"http://{host}" for host in self._hosts)}
        if headers.getlist("host") not in [[host] for host in self._hosts] or (
            headers.get("origin") not in origins
        ):
            message = f"This server answers only to http://{self._hosts[0]}."
            return _forbidden(scope, message, "ask that address, from this computer")
        if not self._knows_token(scope, headers) and not self._uses_code(scope):
            message = "Open the complete address that depeche printed when it started, with its token."
            return _forbidden(scope, message, "programs send the header Authorization: Bearer TOKEN")
        return None

    def _knows_token(self, scope: Scope, headers: Headers) -> bool:
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        given = [_parameter(scope, "token"), _cookie_of(headers, self._cookie)]
        given += [bearer.strip()] if scheme.lower() == "bearer" else []
        return any(hmac.compare_digest(each.encode(errors="replace"), self._token) for each in given)

    def _uses_code(self, scope: Scope) -> bool:
        given = _parameter(scope, "code").encode(errors="replace")
        if not self._code or is_for_programs(scope) or not hmac.compare_digest(given, self._code):
            return False
        self._code = b""
        return True

    def _entry(self, scope: Scope) -> Response | None:
        """For a page with the token or the code in its address: the same without it, and the cookie."""
        pairs = [pair for pair in _pairs(scope) if pair[0] not in _SECRETS]
        if scope["method"] not in ("GET", "HEAD") or is_for_programs(scope) or pairs == _pairs(scope):
            return None
        host = Headers(scope=scope)["host"]
        path = scope["raw_path"].decode("ascii", errors="replace")
        address = f"http://{host}{path}{'?' if pairs else ''}{urlencode(pairs)}"
        response = RedirectResponse(address, status_code=303)
        response.set_cookie(self._cookie, self._token.decode(), httponly=True, samesite="strict")
        return response


def _pairs(scope: Scope) -> list[tuple[str, str]]:
    return parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)


def _parameter(scope: Scope, wanted: str) -> str:
    return next((value for name, value in _pairs(scope) if name == wanted), "")


def _cookie_of(headers: Headers, name: str) -> str:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookies[name].value if name in cookies else ""


def is_for_programs(scope: Scope) -> bool:
    """Whether a path is of the API or of the tools for assistants: its errors are JSON."""
    return str(scope["path"]).startswith(_FOR_PROGRAMS)


def _forbidden(scope: Scope, message: str, suggestion: str) -> Response:
    if is_for_programs(scope):
        body = msgspec.json.encode(problem(message, suggestion))
        return Response(body, status_code=403, media_type="application/json")
    return Response(f"{message}\n", status_code=403, media_type="text/plain")


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers
