//! Which keys are those of credentials. None of them has a place in a configuration, and messages show none.

use super::Service;
use super::error::Problem;

/// What a key's name says of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Credential {
    /// It is a secret, or part of one.
    Secret,
    /// It says where a secret is: a file, a profile, a role.
    Whereabouts,
}

/// What is in the names of secrets, without the signs that join words.
const IN_SECRETS: [&str; 6] = ["secret", "token", "passw", "credential", "serviceaccount", "accesskey"];

/// How the names of secrets end.
const ENDS_OF_SECRETS: [&str; 3] = ["key", "keys", "keyid"];

/// How names end that say where a secret is, whatever comes before; and those that do so after the name of one.
const WHEREABOUTS: [&str; 2] = ["profile", "rolearn"];
const FILES: [&str; 2] = ["file", "path"];

impl Credential {
    /// What `key` is by its name, however its words are joined; `None` for a key of another kind.
    pub(super) fn named(key: &str) -> Option<Self> {
        let name: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        let stem = FILES.iter().find_map(|end| name.strip_suffix(end));
        if stem.is_some_and(is_secret) || WHEREABOUTS.iter().any(|end| name.ends_with(end)) {
            return Some(Self::Whereabouts);
        }
        is_secret(&name).then_some(Self::Secret)
    }
}

fn is_secret(name: &str) -> bool {
    let ends = || ENDS_OF_SECRETS.iter().any(|end| name.ends_with(end));
    IN_SECRETS.iter().any(|part| name.contains(part)) || ends()
}

/// Configuration is copied, committed and mailed; a secret must not travel with it.
pub(super) fn in_file() -> Problem {
    Problem::error("the configuration holds a secret")
}

/// Where credentials for a bucket come from: where the service's own tools look for them.
pub(super) fn elsewhere(service: Service) -> &'static str {
    match service {
        Service::S3 => {
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; a machine of AWS may need neither"
        }
        Service::Gcs => {
            "set GOOGLE_APPLICATION_CREDENTIALS to the path of a file; a machine of Google may need none"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_known_by_their_names() {
        use Credential::{Secret, Whereabouts};
        for (keys, credential) in [
            (
                &["token", "session-token", "secret", "AWS_SECRET_ACCESS_KEY", "secretAccessKey"][..],
                Some(Secret),
            ),
            (&["access-key", "access_key_id", "key", "api-key", "key-id", "private_key"], Some(Secret)),
            (
                &["keys", "signing-keys", "credentials", "service-account", "password", "passwd", "hmac-key"],
                Some(Secret),
            ),
            (
                &["token-file", "credentials-path", "service_account_file", "key-file", "keys-file"],
                Some(Whereabouts),
            ),
            (&["profile", "aws-profile", "role-arn"], Some(Whereabouts)),
            (&["kind", "bucket", "prefix", "key-prefix", "region", "endpoint", "cache-dir", "path"], None),
            (&["kms", "file", "keys-per-page", ""], None),
        ] {
            for key in keys {
                assert_eq!(Credential::named(key), credential, "{key}");
            }
        }
    }
}
