//! The description of the control listener's routes (OpenAPI 3.1), made from the code that answers them.

use axum::routing::get;
use axum::{Json, Router};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Components, InfoBuilder, OpenApi, OpenApiBuilder};

use super::Served;

/// The scheme's name within the description.
const BEARER: &str = "bearer";

/// The description without its routes. `guarded` is whether a token must be presented.
pub(super) fn about(guarded: bool) -> OpenApi {
    let info = InfoBuilder::new()
        .title("media-origin control listener")
        .description(Some(
            "Builds WhatsApp messages over the assets of an origin, and explains what becomes of them.",
        ))
        .version(env!("CARGO_PKG_VERSION"));
    let mut about = OpenApiBuilder::new().info(info.build());
    if guarded {
        let mut components = Components::new();
        components.add_security_scheme(BEARER, SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        about =
            about
                .components(Some(components))
                .security(Some([SecurityRequirement::new::<_, [&str; 0], &str>(BEARER, [])]));
    }
    about.build()
}

/// The route that serves the description.
pub(super) fn route(description: OpenApi) -> Router<Served> {
    let description = without_wildcards(description);
    Router::new().route("/openapi.json", get(async move || Json(description)))
}

/// `{*path}`, as the router writes a parameter that has slashes in it, is `{path}` in OpenAPI.
fn without_wildcards(mut description: OpenApi) -> OpenApi {
    let paths = std::mem::take(&mut description.paths.paths);
    description.paths.paths = paths.into_iter().map(|(path, item)| (path.replace("{*", "{"), item)).collect();
    description
}
