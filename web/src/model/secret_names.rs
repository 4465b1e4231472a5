//! Which variables probably hold a secret, by their names and by passwords in URLs. A guess, which the page says in words
//! and a person takes back with one click.

/// What is sent to every visitor anyway, as the tools of the browser's side have it.
const PUBLIC: [&str; 7] =
    ["NEXT_PUBLIC_", "NUXT_PUBLIC_", "EXPO_PUBLIC_", "VITE_", "REACT_APP_", "GATSBY_", "VUE_APP_"];

/// Wherever they stand, also in names without a `_`.
const ANYWHERE: [&str; 7] =
    ["SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "APIKEY", "PRIVATEKEY"];

/// What a name ends with.
const AT_THE_END: [&str; 2] = ["TOKEN", "_WEBHOOK_URL"];

/// The last word of a name.
const LAST: [&str; 8] = ["KEY", "KEYS", "AUTH", "DSN", "PWD", "PASS", "SALT", "PEPPER"];

/// A name that ends so speaks of a secret and holds none: `TOKEN_URL`, `PASSWORD_FILE`, `AWS_ACCESS_KEY_ID`.
const ABOUT: [&str; 27] = [
    "ALGORITHM",
    "ARN",
    "COUNT",
    "DAYS",
    "DIR",
    "ENABLED",
    "ENDPOINT",
    "EXPIRES",
    "EXPIRY",
    "FIELD",
    "FILE",
    "HEADER",
    "HOST",
    "ID",
    "ISSUER",
    "LENGTH",
    "LIMIT",
    "NAME",
    "PATH",
    "PREFIX",
    "REQUIRED",
    "SECONDS",
    "SIZE",
    "TTL",
    "TYPE",
    "URL",
    "USER",
];

/// Before `KEY`, these make it a key of another kind.
const NO_SECRET_KEY: [&str; 7] =
    ["CACHE", "FOREIGN", "PARTITION", "PRIMARY", "PUBLISHABLE", "ROUTING", "SORT"];

/// Whether a variable probably holds a secret.
pub fn looks_secret(name: &str, value: &str) -> bool {
    is_secret_name(name) || holds_password(value)
}

pub fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let mut words = name.rsplit(['_', '-', '.']);
    let last = words.next().unwrap_or_default();
    let before = words.next().unwrap_or_default();
    let is_public =
        PUBLIC.iter().any(|prefix| name.starts_with(prefix)) || name.split('_').any(|word| word == "PUBLIC");
    if is_public {
        return false;
    }
    if AT_THE_END.iter().any(|end| name.ends_with(end)) {
        return true;
    }
    // A shell's own `PWD` is a folder.
    let is_last = LAST.contains(&last) && !NO_SECRET_KEY.contains(&before) && name != "PWD";
    is_last || (!ABOUT.contains(&last) && ANYWHERE.iter().any(|word| name.contains(word)))
}

/// Whether a text is a URL with a password, or one of the web with a user, which then is a token.
pub fn holds_password(text: &str) -> bool {
    let Some((scheme, rest)) = text.trim().split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((user, _)) = authority.rsplit_once('@') else { return false };
    match user.split_once(':') {
        Some((_, password)) => !password.is_empty(),
        None => !user.is_empty() && scheme.starts_with("http"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for name in [
            "DB_PASSWORD",
            "github_token",
            "API_KEY",
            "SECRET_KEY_BASE",
            "KEY",
            "DJANGO_SECRET_KEY",
            "MYSQL_PWD",
            "SMTP_PASS",
            "GOOGLE_APPLICATION_CREDENTIALS",
            "AWS_SECRET_ACCESS_KEY",
            "SENTRY_DSN",
            "dbPassword",
            "accessToken",
            "apiKey",
            "APP_KEYS",
            "SSH_PRIVATE_KEY",
            "SLACK_WEBHOOK_URL",
            "REDIS_AUTH",
            "JWT_SECRET",
            "PASSWORD_SALT",
            "SECRETS",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn names_that_only_sound_like_secrets() {
        for name in [
            "PORT",
            "KEYBOARD",
            "MONKEY",
            "NODE_ENV",
            "AUTHOR",
            "PUBLIC_KEY",
            "NEXT_PUBLIC_API_KEY",
            "VITE_MAPS_TOKEN",
            "STRIPE_PUBLISHABLE_KEY",
            "AWS_ACCESS_KEY_ID",
            "PASSWORD_MIN_LENGTH",
            "TOKEN_TTL",
            "TOKEN_URL",
            "MAX_TOKENS",
            "POSTGRES_PASSWORD_FILE",
            "SECRET_NAME",
            "CACHE_KEY_PREFIX",
            "PRIMARY_KEY",
            "PWD",
            "OLDPWD",
            "AUTH_URL",
            "PASSENGER",
            "",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn urls_that_hold_a_password() {
        for url in [
            "postgres://app:hunter2@db.example.org/app",
            "redis://:hunter2@cache:6379",
            "https://ghp_0123@github.com/usil/foo",
            " amqp://a:b@c ",
        ] {
            assert!(looks_secret("DATABASE_URL", url), "{url}");
        }
        for url in [
            "postgres://db/app",
            "ssh://git@github.com/usil/foo",
            "https://a.b/c@d:e",
            "postgres://app@db",
            "a:b@c",
            "",
        ] {
            assert!(!looks_secret("DATABASE_URL", url), "{url}");
        }
    }
}
