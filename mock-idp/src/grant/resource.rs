//! The APIs that scopes are of.

use std::collections::BTreeMap;

use crate::directory::{App, Directory, GRAPH_ID, GRAPH_URI, is_graph};

/// The API that a token is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Resource<'a> {
    Api(&'a App),
    Graph,
}

impl Resource<'_> {
    pub(crate) fn uri(self) -> String {
        match self {
            Self::Graph => GRAPH_URI.to_owned(),
            Self::Api(app) => {
                app.identifier_uri.clone().unwrap_or_else(|| format!("api://{}", app.client_id))
            }
        }
    }

    /// The scopes that the directory says an administrator consented to for everyone.
    pub(super) fn consented_by_directory<'b>(self, directory: &Directory, client: &'b App) -> &'b [String] {
        self.listed_in(directory, &client.delegated)
    }

    /// The scopes of this resource in a list by identifier URI.
    pub(super) fn listed_in<'b>(
        self,
        directory: &Directory,
        list: &'b BTreeMap<String, Vec<String>>,
    ) -> &'b [String] {
        let names = match self {
            Self::Graph => list.get(GRAPH_URI),
            Self::Api(api) => directory.permissions_of(api, list),
        };
        names.map_or(&[], Vec::as_slice)
    }
}

/// One name for each resource, however the client spells it.
pub(super) fn canonical(identifier: Option<&str>, directory: &Directory) -> String {
    match identifier {
        None => GRAPH_ID.to_owned(),
        Some(identifier) if is_graph(identifier) => GRAPH_ID.to_owned(),
        Some(identifier) => {
            directory.api(identifier).map_or(identifier, |api| api.client_id.as_str()).to_owned()
        }
    }
}
