//! Requirements by name: one endpoint, many operations.

use std::collections::BTreeMap;

use crate::{Forbidden, Requirement, VerifiedToken};

/// What each tool of an MCP server requires, or each operation of any other endpoint that serves many. A tool that is not
/// listed is refused.
///
/// ```
/// # fn handler(token: &entra_validator::VerifiedToken, name: &str) -> Result<(), entra_validator::Forbidden> {
/// use entra_validator::{Requirement, ToolRequirements};
///
/// let tools = ToolRequirements::new()
///     .tool("list_orders", Requirement::scopes(["Orders.Read"]))
///     .tool("cancel_order", Requirement::scopes(["Orders.Write"]).or_roles(["Orders.ReadWrite.All"]));
/// tools.check(token, name)
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ToolRequirements {
    tools: BTreeMap<String, Requirement>,
}

impl ToolRequirements {
    /// No tool yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A tool that requires this. A later entry of the same name replaces an earlier one.
    #[must_use]
    pub fn tool(mut self, name: impl Into<String>, requirement: Requirement) -> Self {
        self.tools.insert(name.into(), requirement);
        self
    }

    /// Whether the token satisfies what this tool requires.
    ///
    /// # Errors
    ///
    /// [`Forbidden`] if it does not, or if the tool is not listed.
    pub fn check(&self, token: &VerifiedToken, name: &str) -> Result<(), Forbidden> {
        match self.tools.get(name) {
            Some(requirement) => requirement.check(token),
            None => Requirement::default().check(token),
        }
    }
}
