"""The app under test: it deletes an account at three providers and retries what fails."""

import http.client
import urllib.error
import urllib.request

ALICE = {
    "proficient": "u_Alice0000000000000000042",
    "pagecall": "user-42",
    "conductor": "end_usr_alice000000042",
}
"""The user at all three providers in the built-in fixtures."""


def delete_account(providers, person):
    """Deletes a person everywhere. Transient failures are retried; "not found" is success."""
    proficient, pagecall, conductor = (providers[name] for name in ("proficient", "pagecall", "conductor"))
    remove(f"{proficient['baseUrl']}/users/{person['proficient']}", proficient["secretKey"])
    remove(f"{pagecall['baseUrl']}/users/{person['pagecall']}", pagecall["apiKey"])
    remove(f"{conductor['baseUrl']}/end-users/{person['conductor']}", conductor["secretKey"])


def remove(url, key, attempts=3):
    last = None
    for _ in range(attempts):
        request = urllib.request.Request(url, headers={"authorization": f"Bearer {key}"}, method="DELETE")
        try:
            with urllib.request.urlopen(request, timeout=10):
                return
        except urllib.error.HTTPError as error:
            body = error.read().decode()
            # Pagecall returns 400 where the others return 404.
            if error.code == 404 or "User not found." in body:
                return
            last = RuntimeError(f"DELETE {url} returned {error.code}: {body}")
            if error.code < 500:
                break
        except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
            last = error
    raise last
