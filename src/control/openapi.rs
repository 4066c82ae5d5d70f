//! The description of the control listener's routes (OpenAPI 3.1), made from the code that answers them.

use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use utoipa::ToSchema;
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

/// A message as it is asked for: what is to be sent, with `path` where `link` would stand.
///
/// The rules that a schema cannot say (which keys go together, what the file must be) are told by the answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "it describes; the message is read key by key, so that all errors are told together"
)]
pub(super) struct MessageRequest {
    #[schema(nullable = false, pattern = "^whatsapp$")]
    messaging_product: Option<String>,
    #[schema(nullable = false)]
    recipient_type: Option<RecipientType>,
    /// The recipient's number, with its plus sign; or the id of a group.
    #[schema(nullable = false)]
    to: Option<String>,
    /// The recipient's business-scoped user id, in place of `to`.
    #[schema(nullable = false, pattern = r"^[A-Z]{2}\.(ENT\.)?[0-9A-Za-z]{1,128}$")]
    recipient: Option<String>,
    #[schema(nullable = false)]
    recipient_identity_key_hash: Option<String>,
    #[schema(nullable = false, max_length = 512)]
    biz_opaque_callback_data: Option<String>,
    #[schema(nullable = false)]
    context: Option<Context>,
    r#type: MessageType,
    #[schema(nullable = false)]
    audio: Option<Media>,
    #[schema(nullable = false)]
    document: Option<Media>,
    #[schema(nullable = false)]
    image: Option<Media>,
    #[schema(nullable = false)]
    sticker: Option<Media>,
    #[schema(nullable = false)]
    video: Option<Media>,
    #[schema(nullable = false, value_type = Option<Object>)]
    interactive: Option<serde_json::Value>,
    #[schema(nullable = false, value_type = Option<Object>)]
    template: Option<serde_json::Value>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum RecipientType {
    Individual,
    Group,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum MessageType {
    Audio,
    Document,
    Image,
    Sticker,
    Video,
    Interactive,
    Template,
}

/// The message that this one answers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes")]
struct Context {
    message_id: String,
}

/// A file, named by exactly one of `path`, `link` and `id`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes")]
struct Media {
    /// A file of this origin, by its path below the media directory.
    #[schema(nullable = false, example = "campaigns/summer.jpg")]
    path: Option<String>,
    /// A link that is yours.
    #[schema(nullable = false)]
    link: Option<String>,
    /// The id of a file that was uploaded to WhatsApp.
    #[schema(nullable = false)]
    id: Option<String>,
    /// The text below an image, a video or a document.
    #[schema(nullable = false, max_length = 1024)]
    caption: Option<String>,
    /// The name of a document; that of the file, if it is not given.
    #[schema(nullable = false)]
    filename: Option<String>,
    /// Whether audio is a voice message.
    #[schema(nullable = false)]
    voice: Option<bool>,
}
