//! The profiles that the AWS tools keep in files, which the client library does not read.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use object_store::CredentialProvider;
use object_store::aws::{AwsCredential, AwsCredentialProvider};
use tokio::time::Instant;

use super::ini;
use super::misconfigured::Misconfigured;
use super::variables::Variables;
use crate::store::blocking;

/// Any of these means that credentials come from elsewhere, as for the AWS tools.
const ELSEWHERE: [&str; 6] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_SKIP_SIGNATURE",
];

/// Settings of a profile whose credentials somebody else would have to fetch.
const FETCHED: [&str; 6] =
    ["sso_session", "sso_start_url", "role_arn", "credential_process", "credential_source", "login_session"];

/// Bytes of a file that are read at most.
const LARGEST: u64 = 1 << 20;

/// How often a file is looked at, to see whether its keys were exchanged.
const LOOK: Duration = Duration::from_secs(1);

/// A profile as it was found.
#[derive(Debug)]
pub(super) struct Profile {
    region: Option<String>,
    credentials: Option<ProfileCredentials>,
}

impl Profile {
    pub(super) fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    pub(super) fn into_credentials(self) -> Option<AwsCredentialProvider> {
        self.credentials.map(|credentials| Arc::new(credentials) as _)
    }
}

/// Reads the profile that the environment names, or `default`. `None` if there is none by that name and nobody asked
/// for it.
pub(super) fn find(variables: &Variables) -> Result<Option<Profile>, Misconfigured> {
    let named = variables.first(&["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]);
    let place = Place::of(variables, named.unwrap_or("default"));
    let settings = place.read().map_err(|error| place.unreadable(&error))?;
    let Some(settings) = settings else {
        return match named {
            Some(_) if variables.first(&ELSEWHERE).is_none() => Err(place.missing()),
            _ => Ok(None),
        };
    };
    let region = settings.get("region").map(str::to_owned);
    if variables.first(&ELSEWHERE).is_some() {
        return Ok(Some(Profile { region, credentials: None }));
    }
    let credentials = match settings.credential() {
        Some(credential) => Some(ProfileCredentials::new(place, credential)),
        None if named.is_some() => return Err(place.without_keys(&settings)),
        None => None,
    };
    Ok(Some(Profile { region, credentials }))
}

/// Where a profile is.
#[derive(Clone, Debug)]
struct Place {
    name: String,
    /// The file with keys, and the one with other settings, where a section's title begins with `profile`.
    credentials: Option<PathBuf>,
    config: Option<PathBuf>,
}

impl Place {
    fn of(variables: &Variables, name: &str) -> Self {
        let file = |variable, own| {
            let home = || variables.get("HOME").map(|home| Path::new(home).join(".aws").join(own));
            variables.get(variable).map(PathBuf::from).or_else(home)
        };
        Self {
            name: name.to_owned(),
            credentials: file("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
            config: file("AWS_CONFIG_FILE", "config"),
        }
    }

    /// The settings of both files, those of the one with keys first.
    fn read(&self) -> io::Result<Option<Settings>> {
        let own = |title: &str| title == self.name;
        let prefixed = |title: &str| {
            let mut words = title.splitn(2, char::is_whitespace);
            let profile = words.next() == Some("profile");
            profile && words.next().map(str::trim) == Some(self.name.as_str())
                || self.name == "default" && title == "default"
        };
        let keys = self.credentials.as_deref().map(text).transpose()?.unwrap_or_default();
        let config = self.config.as_deref().map(text).transpose()?.unwrap_or_default();
        let found = [ini::section(&keys, own), ini::section(&config, prefixed)];
        if found.iter().all(Option::is_none) {
            return Ok(None);
        }
        let all = found.into_iter().flatten().flatten();
        Ok(Some(Settings(all.map(|(name, value)| (name, value.to_owned())).collect())))
    }

    /// When either file was last written, as far as that can be told.
    fn stamp(&self) -> [Option<SystemTime>; 2] {
        let stamp = |file: &Option<PathBuf>| file.as_ref()?.metadata().ok()?.modified().ok();
        [stamp(&self.credentials), stamp(&self.config)]
    }

    fn files(&self) -> String {
        let files = [&self.credentials, &self.config].into_iter().flatten();
        files.map(|file| file.display().to_string()).collect::<Vec<_>>().join(" or ")
    }

    fn unreadable(&self, error: &io::Error) -> Misconfigured {
        Misconfigured::new(
            format!("the credentials in {} cannot be read: {error}", self.files()),
            "let the user that this server runs as read them, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        )
    }

    fn missing(&self) -> Misconfigured {
        Misconfigured::new(
            format!("AWS_PROFILE names the profile {}, which is not in {}", self.name, self.files()),
            "compare the spelling, or write it with `aws configure`",
        )
    }

    fn without_keys(&self, settings: &Settings) -> Misconfigured {
        let fetched = FETCHED.iter().find(|name| settings.get(name).is_some());
        let why = fetched.map_or_else(
            || "has no aws_access_key_id and aws_secret_access_key".to_owned(),
            |name| format!("has {name} instead of keys, which this server cannot follow"),
        );
        Misconfigured::new(
            format!("the profile {} in {} {why}", self.name, self.files()),
            format!(
                "export the keys themselves: eval \"$(aws configure export-credentials --profile {} --format env)\"",
                self.name
            ),
        )
    }
}

/// The text of a file; nothing, if there is no such file.
#[expect(
    clippy::disallowed_methods,
    reason = "credentials are no asset: whoever starts the server names them"
)]
fn text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    match File::open(path) {
        Ok(file) => file.take(LARGEST).read_to_string(&mut text).map(|_read| text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(text),
        Err(error) => Err(error),
    }
}

/// The settings of a profile. The first of a name counts.
struct Settings(Vec<(String, String)>);

impl Settings {
    fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.0.iter().filter(|(known, value)| known == name && !value.is_empty());
        found.next().map(|(_, value)| value.as_str())
    }

    fn credential(&self) -> Option<AwsCredential> {
        let own = |name| self.get(name).map(str::to_owned);
        Some(AwsCredential {
            key_id: own("aws_access_key_id")?,
            secret_key: own("aws_secret_access_key")?,
            token: own("aws_session_token"),
        })
    }
}

/// The keys of a profile, read again when its files change: that is how they are exchanged without a restart.
#[derive(Debug)]
struct ProfileCredentials {
    place: Place,
    current: Mutex<Current>,
}

#[derive(Clone, Debug)]
struct Current {
    credential: Arc<AwsCredential>,
    stamp: [Option<SystemTime>; 2],
    looked: Option<Instant>,
}

impl ProfileCredentials {
    fn new(place: Place, credential: AwsCredential) -> Self {
        // A change between reading and this is seen a second late at the latest, by its stamp.
        let current = Current { credential: Arc::new(credential), stamp: [None; 2], looked: None };
        Self { place, current: Mutex::new(current) }
    }

    fn current(&self) -> Current {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Files that cannot be read for the moment, as while they are written, leave everything as it was.
    async fn renewed(&self, current: Current) -> Current {
        let place = self.place.clone();
        let stamp = blocking(move || place.stamp()).await;
        if stamp == current.stamp {
            return current;
        }
        let place = self.place.clone();
        let read = blocking(move || place.read()).await;
        let Some(credential) = read.ok().flatten().and_then(|settings| settings.credential()) else {
            tracing::warn!(files = %self.place.files(), "the credentials cannot be read again: the old ones are used");
            return current;
        };
        Current { credential: Arc::new(credential), stamp, ..current }
    }
}

#[async_trait]
impl CredentialProvider for ProfileCredentials {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        let current = self.current();
        if current.looked.is_some_and(|looked| looked.elapsed() < LOOK) {
            return Ok(current.credential);
        }
        let renewed = Current { looked: Some(Instant::now()), ..self.renewed(current).await };
        let credential = Arc::clone(&renewed.credential);
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = renewed;
        Ok(credential)
    }
}
