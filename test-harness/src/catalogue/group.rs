//! What the cases of a group have in common.

use super::row::{Code, Row, Verdict};
use crate::{Case, Expect};

/// A group of cases: those of one validation step, or of what is around the steps.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Group {
    /// The number of the validation step, if the group is one.
    pub step: Option<u8>,
    /// The part of a case's id before `::`, and the name of the step.
    pub name: &'static str,
    /// The codes of its refusals, the usual one first.
    pub codes: &'static [&'static str],
    /// Where the rule is, for cases that do not name a reference of their own.
    pub reference: &'static str,
    /// What its cases vary.
    pub about: &'static str,
    /// What an attacker gains, or a user loses, if a case goes wrong.
    pub harm: &'static str,
    pub(super) rows: &'static [&'static [Row]],
}

impl Group {
    pub(super) fn cases(&'static self) -> impl Iterator<Item = Case> {
        self.rows.iter().copied().flatten().map(|row| self.case(row))
    }

    /// Once for each case of the program: an id lives as long as the catalogue.
    fn case(&'static self, row: &'static Row) -> Case {
        let code = match row.code {
            Code::First => self.codes.first().copied().unwrap_or_default(),
            Code::Own(code) | Code::Foreign(code) => code,
        };
        Case {
            id: format!("{}::{}", self.name, row.defect).leak(),
            summary: row.summary,
            expect: match row.verdict {
                Verdict::Accept => Expect::Accept,
                Verdict::Refuse => Expect::Refuse(code),
                Verdict::Either(why) => Expect::Either { code, why },
            },
            mounted_by: row.mounted_by,
            severity: row.severity,
            setting: row.setting,
            references: match row.references {
                [] => std::slice::from_ref(&self.reference),
                references => references,
            },
            row,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::groups;
    use super::*;

    #[test]
    fn a_code_of_another_group_is_written_as_such() {
        for group in groups() {
            for row in group.rows.iter().copied().flatten() {
                let right = match (row.code, row.verdict) {
                    (Code::First, Verdict::Accept) => true,
                    (Code::First, _) => !group.codes.is_empty(),
                    (Code::Own(code), _) => group.codes[1..].contains(&code),
                    (Code::Foreign(code), _) => !group.codes.contains(&code),
                };
                assert!(right, "{}::{}: {:?}", group.name, row.defect, row.code);
            }
        }
    }
}
