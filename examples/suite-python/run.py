"""Runs suite.json against a validator: PyJWT with the settings of its own documentation. Put yours into `validate`."""

import collections
import datetime
import json
import sys

import jwt
from freezegun import freeze_time

SUITE = json.load(open(sys.argv[1], encoding="utf-8"))
POLICY = SUITE["policy"]
USUAL = {"plain", "version-two", "app-only"}  # the others need another configuration


def validate(token, key_set):
    """Raises jwt.PyJWTError if the token is refused."""
    kid = jwt.get_unverified_header(token).get("kid")
    key = next((key for key in key_set["keys"] if key.get("kid") == kid), None)
    if key is None:
        raise jwt.InvalidKeyError("unknown kid")
    jwt.decode(
        token,
        jwt.PyJWK(key, algorithm=POLICY["algorithm"]).key,
        algorithms=[POLICY["algorithm"]],
        issuer=POLICY["issuer"],
        audience=POLICY["audience"],
        leeway=POLICY["leeway_seconds"],
        options={"require": ["exp", "nbf", "iss", "aud", "sub"]},
    )


def verdict(case):
    try:
        validate(case["token"], case.get("key_set", SUITE["key_set"]))
    except jwt.PyJWTError:
        return "refuse"
    except Exception:  # an exception that the caller does not expect becomes a 500
        return "crash"
    return "accept"


def main():
    groups = collections.defaultdict(collections.Counter)
    with freeze_time(datetime.datetime.fromtimestamp(SUITE["now"], datetime.timezone.utc)):
        for case in SUITE["cases"]:
            if "token" in case and "provider" not in case and case["setting"] in USUAL and case["expect"] != "either":
                got = verdict(case)
                groups[case["id"].split("::")[0]]["passed" if got == case["expect"] else got] += 1
    print(f"{'group':15}{'passed':>10}{'accepted':>10}{'refused':>10}{'crashed':>10}")
    for group, counts in groups.items():
        columns = [counts["passed"], counts["accept"], counts["refuse"], counts["crash"]]
        print(f"{group:15}{columns[0]:>10}{columns[1]:>10}{columns[2]:>10}{columns[3]:>10}")
    if groups["control"]["passed"] < 3:
        sys.exit("the controls are refused: the validator is not configured for the suite")


if __name__ == "__main__":
    main()
