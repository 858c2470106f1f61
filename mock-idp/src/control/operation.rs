//! One operation of the control surface: how it is routed, and how it is described.

use std::sync::Arc;

use axum::{
    handler::Handler,
    http::Method,
    routing::{self, MethodRouter},
};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value;

use crate::idp::Idp;

type Describe = fn(&mut SchemaGenerator) -> Schema;

pub(super) struct Operation {
    pub(super) path: &'static str,
    pub(super) method: Method,
    pub(super) handler: MethodRouter<Arc<Idp>>,
    pub(super) summary: &'static str,
    /// The body, and an example of it.
    pub(super) body: Option<(Describe, Value)>,
    pub(super) query: Option<Describe>,
    /// The body of the response; `None` means 204.
    pub(super) response: Option<Describe>,
    /// Whether the response is a stream of events, each of which holds one such value.
    pub(super) streams: bool,
}

fn describe<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

impl Operation {
    fn new(
        method: Method,
        path: &'static str,
        handler: MethodRouter<Arc<Idp>>,
        summary: &'static str,
    ) -> Self {
        Self { path, method, handler, summary, body: None, query: None, response: None, streams: false }
    }

    pub(super) fn get<T: 'static>(
        path: &'static str,
        handler: impl Handler<T, Arc<Idp>>,
        summary: &'static str,
    ) -> Self {
        Self::new(Method::GET, path, routing::get(handler), summary)
    }

    pub(super) fn post<T: 'static>(
        path: &'static str,
        handler: impl Handler<T, Arc<Idp>>,
        summary: &'static str,
    ) -> Self {
        Self::new(Method::POST, path, routing::post(handler), summary)
    }

    pub(super) fn put<T: 'static>(
        path: &'static str,
        handler: impl Handler<T, Arc<Idp>>,
        summary: &'static str,
    ) -> Self {
        Self::new(Method::PUT, path, routing::put(handler), summary)
    }

    pub(super) fn delete<T: 'static>(
        path: &'static str,
        handler: impl Handler<T, Arc<Idp>>,
        summary: &'static str,
    ) -> Self {
        Self::new(Method::DELETE, path, routing::delete(handler), summary)
    }

    /// A JSON body.
    pub(super) fn body<T: JsonSchema>(self, example: Value) -> Self {
        Self { body: Some((describe::<T>, example)), ..self }
    }

    /// Parameters of the query.
    pub(super) fn query<T: JsonSchema>(self) -> Self {
        Self { query: Some(|generator| T::json_schema(generator)), ..self }
    }

    pub(super) fn responds<T: JsonSchema>(self) -> Self {
        Self { response: Some(describe::<T>), ..self }
    }

    pub(super) fn streams<T: JsonSchema>(self) -> Self {
        Self { streams: true, ..self.responds::<T>() }
    }
}
