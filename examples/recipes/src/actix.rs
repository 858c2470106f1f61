//! actix-web, whose types for headers and responses are those of another version of `http`.

use std::{fmt, future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, ResponseError,
    dev::Payload,
    http::{
        StatusCode,
        header::{AUTHORIZATION, HeaderValue},
    },
    web,
};
use entra_validator::{AuthError, Forbidden, ResourceServer, VerifiedToken, bearer_token_from};

/// A handler that takes it is not called without a good token. The server is in the app's data:
/// `App::new().app_data(web::Data::new(server))`.
pub struct Caller(pub VerifiedToken);

impl FromRequest for Caller {
    type Error = Refused;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refused>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let server =
            request.app_data::<web::Data<ResourceServer>>().expect("the app's data has a server").clone();
        let values = request.headers().get_all(AUTHORIZATION).map(HeaderValue::as_bytes);
        let token = bearer_token_from(values).map(str::to_owned);
        Box::pin(async move {
            let judged = match token {
                Ok(token) => server.validate(&token).await,
                Err(error) => Err(error.into()),
            };
            judged.map(Self).map_err(|error| Refused(server.refuse(&error)))
        })
    }
}

/// The response to a refused request. A handler returns it with `?` when the token does not permit what is asked.
#[derive(Debug)]
pub struct Refused(axum::http::Response<String>);

impl From<Forbidden> for Refused {
    fn from(forbidden: Forbidden) -> Self {
        Self(AuthError::from(forbidden).response())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.body().fmt(out)
    }
}

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status().as_u16()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        for (name, value) in self.0.headers() {
            response.append_header((name.as_str(), value.as_bytes()));
        }
        response.body(self.0.body().clone())
    }
}

/// A protected handler.
#[expect(clippy::unused_async, reason = "a handler is async, though this one awaits nothing")]
pub async fn orders(Caller(token): Caller) -> Result<String, Refused> {
    token.require_scopes(["Orders.Read"])?;
    Ok(format!("orders of {}", token.claims().sub))
}
