//! The description of the control surface, and whether it is true.

use entra_mock_idp::{Endpoint, Fault, MockIdp};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Fixture;

/// Whether a value is as a schema says: as much of JSON Schema as schemars writes for these types.
fn check(document: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let Some(schema) = schema.as_object() else { return Ok(()) };
    let fail = |what: &str| Err(format!("{what}: {value} is not {}", json!(schema)));
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = document
            .pointer(reference.trim_start_matches('#'))
            .ok_or(format!("{reference} leads nowhere"))?;
        check(document, target, value)?;
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    match schema.get("type") {
        Some(Value::String(only)) if only != kind && !(only == "number" && kind == "integer") => {
            return fail("type");
        }
        Some(Value::Array(several)) if !several.contains(&json!(kind)) => return fail("type"),
        _ => {}
    }
    if schema.get("enum").is_some_and(|allowed| !allowed.as_array().unwrap().contains(value)) {
        return fail("enum");
    }
    if schema.get("const").is_some_and(|only| only != value) {
        return fail("const");
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(choices) = schema.get(choice).and_then(Value::as_array)
            && !choices.iter().any(|schema| check(document, schema, value).is_ok())
        {
            return fail(choice);
        }
    }
    for item in value.as_array().into_iter().flatten() {
        check(document, schema.get("items").unwrap_or(&Value::Null), item)?;
    }
    let Some(members) = value.as_object() else { return Ok(()) };
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    if required.filter_map(Value::as_str).any(|name| !members.contains_key(name)) {
        return fail("required");
    }
    for (name, member) in members {
        match schema.get("properties").and_then(|properties| properties.get(name)) {
            Some(schema) => check(document, schema, member)?,
            // A member that the document does not describe is a mistake in it, unless it is a map.
            None if schema.contains_key("properties") && !schema.contains_key("additionalProperties") => {
                return fail(name);
            }
            None => {}
        }
    }
    Ok(())
}

fn operations(document: &Value) -> Vec<(String, Method, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods
            .map(move |(method, operation)| (path.clone(), method.to_uppercase().parse().unwrap(), operation))
    });
    operations.collect()
}

#[tokio::test]
async fn every_answer_is_as_described() {
    let fixture = Fixture::start();
    fixture.idp.inject(Fault::Truncate(1).on(Endpoint::Logout).times(3).probability(0.5));
    fixture.token(&[("grant_type", "client_credentials"), ("client_id", "x")], None).await;
    fixture.get("/nowhere").await;
    let document = fixture.get_json("/_mock/openapi.json").await;
    assert_eq!(document, MockIdp::openapi());
    for (path, method, operation) in operations(&document) {
        let url = format!("{}{path}", fixture.idp.base_url());
        let mut request = fixture.client.request(method.clone(), &url);
        if let Some(body) = operation.pointer("/requestBody/content/application~1json") {
            let (schema, example) = (&body["schema"], &body["example"]);
            check(&document, schema, example).unwrap_or_else(|error| panic!("example of {path}: {error}"));
            request = request.json(example);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let described = &operation["responses"][status.to_string()];
        assert!(status < 300 && described.is_object(), "{method} {path}: {status}");
        match described.pointer("/content/application~1json/schema") {
            Some(schema) => check(&document, schema, &response.json().await.unwrap())
                .unwrap_or_else(|error| panic!("{method} {path}: {error}")),
            None => assert!(status == 204 || response.headers()["content-type"] == "text/event-stream"),
        }
    }
}

#[tokio::test]
async fn refusals_are_as_described() {
    let fixture = Fixture::of(MockIdp::builder());
    let document = MockIdp::openapi();
    for (path, method, operation) in operations(&document) {
        let url = format!("{}{path}?unknown=1", fixture.idp.base_url());
        let ask = |body: &'static str, origin| {
            let request = fixture.client.request(method.clone(), &url).body(body);
            if origin { request.header("origin", "https://evil.example").send() } else { request.send() }
        };
        let forbidden = ask("", true).await.unwrap();
        assert_eq!(forbidden.status(), 403);
        let mut refusals = vec![forbidden];
        if operation["responses"].get("400").is_some() {
            let refused = ask(r#"{"unknown": 1}"#, false).await.unwrap();
            assert_eq!(refused.status(), 400, "{method} {path}");
            refusals.push(refused);
        }
        for refusal in refusals {
            let schema =
                &operation["responses"][refusal.status().as_str()]["content"]["application/json"]["schema"];
            check(&document, schema, &refusal.json().await.unwrap()).unwrap();
        }
    }
}

#[tokio::test]
async fn what_is_not_described_is_not_there() {
    let fixture = Fixture::start();
    let document = MockIdp::openapi();
    let described = operations(&document);
    for (path, ..) in &described {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            if described.iter().any(|(known, of, _)| known == path && *of == method) {
                continue;
            }
            let url = format!("{}{path}", fixture.idp.base_url());
            assert_eq!(
                fixture.client.request(method.clone(), url).send().await.unwrap().status(),
                405,
                "{method} {path}"
            );
        }
    }
    assert_eq!(fixture.get("/_mock/nothing").await.status(), 404);
}
