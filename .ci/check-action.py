"""Whether action.yml is sound, and whether the flags that it and the pages name exist."""

import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

PAGES = ["action.yml", "docs/ci.md", "docs/probe-examples.md", "examples/probe.sh"]
# Flags of other programs in those files.
FOREIGN = {"--locked", "--path", "--bin", "--root", "--quiet", "--package", "--port", "--log-level", "--update"}

text = pathlib.Path("action.yml").read_text()
action = yaml.safe_load(text)
steps = action["runs"]["steps"]
assert action["runs"]["using"] == "composite"
assert all(step["shell"] == "bash" for step in steps)

# Every input is declared, used, and described on the page, whose workflow uses no other.
used = set(re.findall(r"inputs\.([\w-]+)", text))
assert used == set(action["inputs"]), used ^ set(action["inputs"])
page = pathlib.Path("docs/ci.md").read_text()
for name in action["inputs"]:
    assert f"`{name}`" in page, f"docs/ci.md does not describe {name}"
for example in re.findall(r"```yaml\n(.*?)```", page, re.S):
    for job in yaml.safe_load(example)["jobs"].values():
        for step in job["steps"]:
            if step.get("uses", "").startswith("entra-test-kit/"):
                assert set(step["with"]) <= set(action["inputs"]), step["with"]
                assert {name for name, of in action["inputs"].items() if of.get("required")} <= set(step["with"])

# An expression in a script would be read as shell.
assert not any("${{" in step["run"] for step in steps)

# Every flag exists.
usage = subprocess.run([sys.argv[1], "run", "--help"], check=True, capture_output=True, text=True).stdout
flags = set(re.findall(r"--[a-z][a-z-]*", usage))
for name in PAGES:
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", pathlib.Path(name).read_text()))
    assert named <= flags | FOREIGN, f"{name}: {named - flags - FOREIGN}"

# The script passes what it is given, word by word, and runs none of it.
with tempfile.TemporaryDirectory() as directory:
    probe = pathlib.Path(directory, "probe")
    probe.write_text('#!/usr/bin/env bash\nprintf "%s\\n" "$@"\n')
    probe.chmod(0o755)
    hostile = "$(touch ran);`touch ran`"
    environment = {name: "" for name in steps[1]["env"]} | {
        "PATH": "/usr/bin:/bin", "PROBE": str(probe), "PROBE_TARGET": "http://127.0.0.1:1/", "PROBE_AUDIENCE": hostile,
        "PROBE_SCOPES": "A B", "PROBE_ARGUMENTS": f"--skip=a::*\n{hostile}\n", "PROBE_COMMAND": "start it; then",
        "PROBE_JUNIT": "a b.xml", "PROBE_HTML": "c.html",
    }
    script = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", steps[1]["run"]]
    got = subprocess.run(script, check=True, capture_output=True, text=True, env=environment, cwd=directory).stdout
    wanted = ["run", "--target", "http://127.0.0.1:1/", "--junit", "a b.xml", "--html", "c.html", "--audience", hostile,
              "--scope", "A", "--scope", "B", "--skip=a::*", hostile, "--", "bash", "-c", "start it; then"]
    assert got.splitlines() == wanted, got
    assert not pathlib.Path(directory, "ran").exists()

# The workflow runs what a developer runs, and the forms are what GitHub takes.
workflow = yaml.safe_load(pathlib.Path(".github/workflows/ci.yml").read_text())
runs = [step.get("run", "") for job in workflow["jobs"].values() for step in job["steps"]]
assert ".ci/run" in runs and any("cargo deny check advisories" in run for run in runs)
for form in pathlib.Path(".github/ISSUE_TEMPLATE").glob("*.yml"):
    if form.stem != "config":
        content = yaml.safe_load(form.read_text())
        assert {"name", "description", "body"} <= content.keys(), form
        assert all(field["type"] in {"textarea", "input", "dropdown", "checkboxes"} for field in content["body"]), form
print("action.yml and the pages agree with entra-probe")
