//! The part of Microsoft Graph that tokens point at: userinfo, the user's own profile, the groups that did not fit.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    directory::{Directory, GRAPH_ID, GRAPH_URI, User, is_graph},
    idp::Idp,
    random,
    requests::Details,
    token::Jws,
};

/// The bearer of a token for Microsoft Graph.
struct Caller {
    user: Option<String>,
    sub: String,
    scopes: Vec<String>,
    roles: Vec<String>,
}

impl Caller {
    fn may(&self, permission: &str) -> bool {
        self.scopes.iter().chain(&self.roles).any(|held| held == permission)
    }

    fn user<'a>(&self, directory: &'a Directory) -> Option<&'a User> {
        directory.user(self.user.as_deref()?)
    }
}

/// An error in Microsoft Graph's form. A 401 says where to get a token.
fn refused(idp: &Idp, status: StatusCode, code: &str, message: &str) -> Response {
    let id = random::guid();
    let date = jiff::Timestamp::from_second(idp.clock.seconds()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let body = json!({"error": {"code": code, "message": message, "innerError": {
        "date": date.strftime("%Y-%m-%dT%H:%M:%S").to_string(), "request-id": id, "client-request-id": id,
    }}});
    let mut response =
        (status, [("request-id", &id), ("client-request-id", &id)], Json(body)).into_response();
    if status == StatusCode::UNAUTHORIZED {
        let challenge = format!(
            r#"Bearer realm="", authorization_uri="{}/common/oauth2/authorize", client_id="{GRAPH_ID}""#,
            idp.base_url
        );
        if let Ok(challenge) = HeaderValue::try_from(challenge) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
    }
    response.extensions_mut().insert(Details::refused(code, message));
    response
}

fn caller(idp: &Idp, headers: &HeaderMap) -> Result<Caller, Box<Response>> {
    let invalid = |message: &str| {
        Box::new(refused(idp, StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", message))
    };
    let header = headers.get("authorization").and_then(|value| value.to_str().ok());
    let token = header
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"));
    let (_, token) = token.ok_or_else(|| invalid("Access token is empty."))?;
    let jws = Jws::parse(token.trim()).ok_or_else(|| invalid("The access token is not a JSON Web Token."))?;
    if !jws.is_ours(&idp.keys()) {
        return Err(invalid("The access token's signature is not valid."));
    }
    if jws.time("exp").is_none_or(|end| end <= idp.clock.seconds()) {
        return Err(invalid("The access token has expired."));
    }
    if !jws.claim("aud").is_some_and(is_graph) {
        return Err(invalid("The access token's audience is not Microsoft Graph."));
    }
    let list = |name: &str| match jws.claims.get(name) {
        Some(Value::String(text)) => text.split(' ').map(str::to_owned).collect(),
        Some(Value::Array(items)) => {
            items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    };
    let (scopes, roles): (Vec<String>, Vec<String>) = (list("scp"), list("roles"));
    Ok(Caller {
        user: jws.claim("oid").filter(|_| !scopes.is_empty()).map(str::to_owned),
        sub: id_token_sub(&jws).unwrap_or_default().to_owned(),
        scopes,
        roles,
    })
}

/// What the client's ID token says: a client holds userinfo's `sub` against it (OpenID Connect Core §5.3.2).
fn id_token_sub<'a>(jws: &'a Jws<'_>) -> Option<&'a str> {
    let signed_in = jws.claims.get("xms_st").and_then(|state| state.get("sub")?.as_str());
    signed_in.or_else(|| jws.claim("sub"))
}

/// Userinfo ([OpenID Connect Core §5.3](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo)).
pub(super) async fn userinfo(State(idp): State<Arc<Idp>>, headers: HeaderMap) -> Response {
    let caller = match caller(&idp, &headers) {
        Ok(caller) => caller,
        Err(response) => return *response,
    };
    let directory = idp.directory();
    let Some(user) = caller.user(&directory).filter(|_| caller.may("openid")) else {
        return refused(
            &idp,
            StatusCode::FORBIDDEN,
            "Authorization_RequestDenied",
            "The scope openid is needed.",
        );
    };
    let mut body = json!({"sub": caller.sub});
    if caller.may("profile") {
        body["name"] = user.display_name().into();
        body["family_name"] = user.family_name.as_str().into();
        body["given_name"] = user.given_name.as_str().into();
    }
    if let Some(email) = user.email.as_deref().filter(|_| caller.may("email")) {
        body["email"] = email.into();
    }
    Json(body).into_response()
}

pub(super) async fn me(State(idp): State<Arc<Idp>>, headers: HeaderMap) -> Response {
    with_user(&idp, &headers, None, "User.Read", |_, user| {
        json!({
            "@odata.context": format!("{GRAPH_URI}/v1.0/$metadata#users/$entity"),
            "id": user.oid,
            "displayName": user.display_name(),
            "givenName": user.given_name,
            "surname": user.family_name,
            "mail": user.email,
            "userPrincipalName": user.upn,
        })
    })
}

/// All groups, however many: a token with the groups overage claim points here.
pub(super) async fn my_groups(State(idp): State<Arc<Idp>>, headers: HeaderMap) -> Response {
    with_user(&idp, &headers, None, "User.Read", groups)
}

pub(super) async fn groups_of(
    State(idp): State<Arc<Idp>>,
    Path(user): Path<String>,
    headers: HeaderMap,
) -> Response {
    with_user(&idp, &headers, Some(&user), "User.Read.All", groups)
}

fn groups(directory: &Directory, user: &User) -> Value {
    json!({
        "@odata.context": format!("{GRAPH_URI}/v1.0/$metadata#Collection(Edm.String)"),
        "value": directory.group_ids(user),
    })
}

/// The caller's own, with `User.Read`; anybody's, with `User.Read.All`.
fn with_user(
    idp: &Idp,
    headers: &HeaderMap,
    wanted: Option<&str>,
    permission: &str,
    body: impl Fn(&Directory, &User) -> Value,
) -> Response {
    let caller = match caller(idp, headers) {
        Ok(caller) => caller,
        Err(response) => return *response,
    };
    let directory = idp.directory();
    let own = caller.user(&directory);
    let user = wanted.map_or(own, |wanted| directory.user(wanted));
    let Some(user) = user else {
        return refused(idp, StatusCode::NOT_FOUND, "Request_ResourceNotFound", "There is no such user.");
    };
    let is_own = own.is_some_and(|own| own == user);
    if caller.may(permission) || caller.may("User.Read.All") || (is_own && caller.may("User.Read")) {
        return Json(body(&directory, user)).into_response();
    }
    refused(
        idp,
        StatusCode::FORBIDDEN,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
    )
}
