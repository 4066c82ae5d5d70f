//! The description of the control listener's routes (OpenAPI 3.1), made from the code that answers them.

use std::sync::Arc;

use axum::{Extension, Json};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, Response, ResponseBuilder,
};

use super::problem::PROBLEM_JSON;

/// The scheme's name within the description.
const BEARER: &str = "bearer";

/// The description of these routes
#[utoipa::path(get, path = "/openapi.json", tag = "probes", security(()),
    responses((status = 200, description = "An OpenAPI document", body = Object, content_type = "application/json")))]
pub(super) async fn describe(Extension(description): Extension<Arc<OpenApi>>) -> Json<OpenApi> {
    Json(OpenApi::clone(&description))
}

/// The description without its routes. `guarded` is whether a token must be presented.
pub(super) fn about(guarded: bool) -> OpenApi {
    let info = InfoBuilder::new()
        .title("media-origin control listener")
        .description(Some(
            "Builds WhatsApp messages over the assets of an origin, explains what becomes of them, and fills or empties its caches.",
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

/// The description as it is served. `{*path}`, as the router writes a parameter that has slashes in it, is `{path}`.
pub(super) fn finished(mut description: OpenApi) -> Arc<OpenApi> {
    let paths = std::mem::take(&mut description.paths.paths);
    description.paths.paths = paths.into_iter().map(|(path, item)| (path.replace("{*", "{"), item)).collect();
    Arc::new(description)
}

/// Adds what each of the operator's routes can answer beside its own answers.
pub(super) fn guarded(description: &mut OpenApi) {
    for operation in description.paths.paths.values_mut().filter_map(only_operation) {
        let responses = &mut operation.responses.responses;
        responses.insert("401".to_owned(), problem("No bearer token, where one is set").into());
        responses
            .insert("403".to_owned(), problem("A web page asks, or another name than loopback's").into());
        // Some say more of it themselves.
        responses.entry("504".to_owned()).or_insert_with(|| problem("It took too long").into());
    }
}

/// The one method that each route here has.
fn only_operation(path: &mut PathItem) -> Option<&mut Operation> {
    path.get.as_mut().or(path.post.as_mut())
}

fn problem(description: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(description).content(PROBLEM_JSON, content).build()
}
