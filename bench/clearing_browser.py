"""The pages of doubtful rows as a browser asks for them, over one kept connection."""

import http.client
import re
from urllib.parse import urlencode, urlsplit

FORM = re.compile(r'name="(csrfmiddlewaretoken|stage|seen)" value="([^"]*)"')


class Pages:
    """One official's browser: cookies, forms and redirects, no more."""

    def __init__(self, port: int, order: str, cookie: str) -> None:
        self.host = f"localhost:{port}"
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.root = f"/staff/orders/{order}/clearing/"
        self.cookies = {"sessionid": cookie}

    def first(self, group: str, *, sample: bool) -> str | None:
        """The address of the first row that waits."""
        query = urlencode(
            {name: text for name, text in (("group", group), ("show", "sample" * sample)) if text}
        )
        return self._row(self._ask("GET", f"{self.root}next/?{query}")[1])

    def open(self, address: str) -> str:
        text, _location = self._ask("GET", address)
        return text

    def decide(self, address: str, page: str, choice: str) -> str | None:
        """Press the choice's button; the next row's address, None where none is left."""
        return self._row(self._post(address, page, {"choice": choice}))

    def decide_group(self, key: str) -> None:
        address = f"{self.root}group/?{urlencode({'group': key})}"
        self._post(address, self.open(address), {"group": key})

    def left(self) -> int:
        """The rows that are not decided, as the overview has them."""
        return 0 if self._ask("GET", f"{self.root}next/")[1].split("#")[0] == self.root else 1

    def _row(self, location: str) -> str | None:
        parts = urlsplit(location)
        return f"{parts.path}?{parts.query}" if "/rows/" in parts.path else None

    def _post(self, address: str, page: str, data: dict[str, str]) -> str:
        form = dict(FORM.findall(page))
        return self._ask("POST", address, urlencode({**form, **data}))[1]

    def _ask(self, method: str, address: str, body: str | None = None) -> tuple[str, str]:
        headers = {
            "Host": self.host,
            "Referer": f"http://{self.host}/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, address, body, headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        if response.status not in {200, 302}:
            raise SystemExit(f"{method} {address} answers {response.status}")
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return text, response.headers.get("Location", "")
