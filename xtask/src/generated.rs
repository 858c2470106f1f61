//! What is checked in but generated: whole files, and regions of READMEs between two comments.

use std::{fs, io, path::Path};

use entra_mock_idp::generated as mock;
use entra_test_harness::generated as harness;
use entra_validator::{Code, Step};

/// How a stale file is mended; every message that finds one says so.
pub const COMMAND: &str = "cargo xtask update";

const END: &str = "<!-- /generated -->";

/// A text that is generated, and where it goes.
#[derive(Debug)]
pub struct Generated {
    path: String,
    region: Option<&'static str>,
    text: String,
}

/// Everything that is generated.
#[must_use]
pub fn all() -> Vec<Generated> {
    let steps = steps_table();
    let mut all = vec![
        region("README.md", "steps", steps.clone()),
        region("validator/README.md", "steps", steps),
        region("mock-idp/README.md", "aadsts", mock::aadsts_table()),
        file("mock-idp/openapi.json", mock::openapi()),
        file("mock-idp/directory.schema.json", mock::directory_schema()),
    ];
    all.extend(harness::files().map(|(path, text)| file(format!("test-harness/{path}"), text)));
    all
}

fn file(path: impl Into<String>, text: String) -> Generated {
    Generated { path: path.into(), region: None, text }
}

fn region(path: &str, name: &'static str, text: String) -> Generated {
    Generated { path: path.to_owned(), region: Some(name), text }
}

impl Generated {
    /// What is stale about the file in this workspace, if anything: a sentence that names the command.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or lacks the region.
    pub fn stale(&self, workspace: &Path) -> io::Result<Option<String>> {
        let old = self.read(workspace)?;
        let what = self.region.map_or_else(|| self.path.clone(), |name| format!("{} ({name})", self.path));
        Ok((self.applied(&old)? != old).then(|| format!("{what} is stale; run `{COMMAND}`")))
    }

    /// Writes the file in this workspace.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or written, or lacks the region.
    pub fn write(&self, workspace: &Path) -> io::Result<()> {
        let new = self.applied(&self.read(workspace)?)?;
        fs::write(workspace.join(&self.path), new)
    }

    fn read(&self, workspace: &Path) -> io::Result<String> {
        match fs::read_to_string(workspace.join(&self.path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.region.is_none() => {
                Ok(String::new())
            }
            read => read.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", self.path))),
        }
    }

    fn applied(&self, old: &str) -> io::Result<String> {
        let Some(name) = self.region else { return Ok(self.text.clone()) };
        let begin = format!("<!-- generated: {name} -->");
        let parts = old.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
        let (before, after) = parts.ok_or_else(|| {
            io::Error::other(format!("{} has no region between `{begin}` and `{END}`", self.path))
        })?;
        Ok(format!("{before}{begin}\n{}{END}{after}", self.text))
    }
}

/// What precedes and follows the steps: the rule, and its codes.
const BEFORE: [(&str, &[Code]); 2] = [
    (
        "the request has one well-formed `Authorization: Bearer` header",
        &[
            Code::HeaderMissing,
            Code::HeaderMalformed,
            Code::HeaderSchemeUnsupported,
            Code::HeaderCredentialMissing,
        ],
    ),
    ("the identity provider's metadata and keys are available", &[Code::OidcError, Code::JwksError]),
];
const AFTER: [(&str, &[Code]); 2] = [
    ("the token has the scopes or app roles that the route requires", &[Code::InsufficientScopes]),
    ("the token has the authentication context that the route requires", &[Code::InsufficientClaims]),
];

fn steps_table() -> String {
    let head = "| # | a token is accepted if | else the code is | HTTP |\n|---|---|---|---|\n".to_owned();
    let around = |(rule, codes): &(&str, &[Code])| row("-", rule, codes);
    let steps = Step::ALL.iter().map(|step| {
        let rule = format!("{} ([{}]({}))", step.rule(), step.reference(), step.reference_url());
        row(&step.number().to_string(), &rule, step.codes())
    });
    let rows = BEFORE.iter().map(around).chain(steps).chain(AFTER.iter().map(around));
    std::iter::once(head).chain(rows).collect()
}

fn row(number: &str, rule: &str, codes: &[Code]) -> String {
    let texts: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
    let status = codes.first().map_or(0, |code| code.status());
    format!("| {number} | {rule} | {} | {status} |\n", texts.join(", "))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_of_steps_has_every_code() {
        let around = BEFORE.iter().chain(&AFTER).flat_map(|(_, codes)| *codes);
        let all: BTreeSet<&Code> = Step::ALL.iter().flat_map(|step| step.codes()).chain(around).collect();
        assert_eq!(all, Code::ALL.iter().collect());
    }

    #[test]
    fn a_region_is_replaced_and_the_text_around_it_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("README.md");
        fs::write(&path, "before\n<!-- generated: steps -->\nold\n<!-- /generated -->\nafter\n").unwrap();
        let generated = region("README.md", "steps", "new\n".to_owned());
        let stale = generated.stale(folder.path()).unwrap().unwrap();
        assert_eq!(stale, "README.md (steps) is stale; run `cargo xtask update`");
        generated.write(folder.path()).unwrap();
        let now = fs::read_to_string(&path).unwrap();
        assert_eq!(now, "before\n<!-- generated: steps -->\nnew\n<!-- /generated -->\nafter\n");
        assert_eq!(generated.stale(folder.path()).unwrap(), None);
        let missing = region("README.md", "codes", String::new()).stale(folder.path()).unwrap_err();
        assert!(missing.to_string().contains("no region"), "{missing}");
    }
}
