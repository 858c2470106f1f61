//! The description of the control surface ([OpenAPI 3.1](https://spec.openapis.org/oas/v3.1.1.html)), made of the types
//! that the handlers use.

use schemars::{Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{operation::Operation, refusal::ControlError};

pub(super) fn document(operations: Vec<Operation>) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let refusal = generator.subschema_for::<ControlError>();
    let mut paths = Map::new();
    for operation in operations {
        let method = operation.method.as_str().to_ascii_lowercase();
        let methods = paths.entry(operation.path).or_insert_with(|| json!({}));
        methods[method] = described(operation, &refusal, &mut generator);
    }
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": "mock-idp control surface",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Controls mock-idp, a mock Microsoft Entra ID. TEST ONLY. It accepts requests from this machine only or, with --control-token, from everyone who presents the token.",
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": generator.take_definitions(true),
        },
    })
}

fn described(operation: Operation, refusal: &Schema, generator: &mut SchemaGenerator) -> Value {
    let content = |kind: &str, schema: &Schema| json!({kind: {"schema": schema}});
    let mut described = json!({"summary": operation.summary, "operationId": id(&operation)});
    let mut responses = Map::new();
    match operation.response.map(|describe| describe(generator)) {
        Some(schema) => {
            let kind = if operation.streams { "text/event-stream" } else { "application/json" };
            responses.insert("200".into(), json!({"description": "Done", "content": content(kind, &schema)}));
        }
        None => _ = responses.insert("204".into(), json!({"description": "Done"})),
    }
    let mut refusals = vec![
        ("401", "The control token is missing or wrong"),
        ("403", "The request came from another machine, or from a page of another origin"),
    ];
    if operation.body.is_some() || operation.query.is_some() {
        refusals.push(("400", "The request is invalid; `message` says what would be valid"));
    }
    for (status, description) in refusals {
        let content = content("application/json", refusal);
        responses.insert(status.into(), json!({"description": description, "content": content}));
    }
    described["responses"] = responses.into();
    if let Some((body, example)) = operation.body {
        let content = json!({"application/json": {"schema": body(generator), "example": example}});
        described["requestBody"] = json!({"content": content});
    }
    if let Some(query) = operation.query {
        described["parameters"] = parameters(&query(generator));
    }
    described
}

/// `get_requests_stream` of `GET /_mock/requests/stream`.
fn id(operation: &Operation) -> String {
    let path = operation.path.trim_start_matches("/_mock/").replace(['/', '.'], "_");
    format!("{}_{path}", operation.method.as_str().to_ascii_lowercase())
}

fn parameters(query: &Schema) -> Value {
    let properties = query.get("properties").and_then(Value::as_object);
    let parameters = properties.into_iter().flatten().map(|(name, schema)| {
        json!({"name": name, "in": "query", "description": schema["description"], "schema": schema})
    });
    parameters.collect()
}
