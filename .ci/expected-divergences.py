"""Whether the cases that diverged are those of the step that was taken out: no more, and no less."""

import json
import sys

# The refusal codes of each step, as in the README.
CODES = {
    1: ["auth_token_invalid"],
    2: ["auth_token_header_invalid"],
    3: ["auth_token_algorithm_not_allowed"],
    4: ["auth_token_type_not_allowed"],
    5: ["auth_token_kid_missing", "auth_token_key_unknown"],
    6: ["auth_token_key_unsuitable"],
    7: ["auth_token_signature_untrusted"],
    8: ["auth_token_claims_invalid", "auth_token_claim_missing"],
    9: ["auth_token_ver_not_supported"],
    10: ["auth_token_tenant_not_trusted"],
    11: ["auth_token_issuer_untrusted"],
    12: ["auth_token_audience_invalid"],
    13: ["auth_token_expired"],
    14: ["auth_token_immature"],
    15: ["auth_token_issued_in_future"],
    16: ["auth_token_permissions_missing"],
    17: ["auth_token_azp_not_trusted"],
    18: ["auth_token_subject_not_trusted"],
}
step, path = int(sys.argv[1]), sys.argv[2]
rows = json.load(open(path, encoding="utf-8"))["results"]
# What is accepted diverges in the whole API too.
played = [row for row in rows if row["outcome"] != "skipped" and "accepted" not in row]
with_code = {row["id"]: row["expected"] for row in played if any(code in row["expected"] for code in CODES[step])}
of_step = {case for case, expected in with_code.items() if expected.startswith("refused")}
# A case in which both verdicts are right may be refused for a later reason, now that its own is gone.
diverged = {row["id"] for row in played if row["outcome"] != "passed"} - (with_code.keys() - of_step)
if not of_step:
    print(f"step {step}: both verdicts are right in all of its cases that are played")
elif diverged == of_step:
    print(f"step {step}: its {len(of_step)} cases diverge, and no other")
else:
    print(f"step {step}: too many {sorted(diverged - of_step)}, too few {sorted(of_step - diverged)}")
    sys.exit(1)
