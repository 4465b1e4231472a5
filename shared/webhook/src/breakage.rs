//! The ways in which the proof of a delivery gets broken, each made on purpose: to see what the function says to it, and how
//! its owner is told what happened.
//!
//! What comes of any of them is refused.

mod body;
mod whole;

use crate::detect::AZURE_TOKEN;
use crate::http::Request;
use crate::unix_time::UnixTime;
use crate::verify::Scheme;
use whole::Whole;

/// What people do, or what happens on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breakage {
    OtherSecret,
    SecretWithLineBreak,
    SecretInQuotes,
    SecretItself,
    PasswordAlone,
    TokenAsText,
    BodyEdited,
    BodyRewritten,
    BodyWithLineBreak,
    BodyWithCrLf,
    OtherFormSigned,
    WithoutPrefix,
    UpperCase,
    Base64,
    Sha1Only,
    JoinedSignatures,
    OldTimestamp,
    WrongHeader,
    NoProof,
}

/// Each with its name and what people read.
const TABLE: [(Breakage, &str, &str); 19] = [
    (Breakage::OtherSecret, "other-secret", "Another secret at the git host"),
    (
        Breakage::SecretWithLineBreak,
        "secret-with-line-break",
        "The secret with a line break at its end, as echo writes it",
    ),
    (Breakage::SecretInQuotes, "secret-in-quotes", "The secret with the quotes around it"),
    (Breakage::SecretItself, "secret-itself", "The secret itself in place of a signature"),
    (Breakage::PasswordAlone, "password-alone", "The password without its user"),
    (Breakage::TokenAsText, "token-as-text", "The signing token taken as text, whsec_ and all"),
    (Breakage::BodyEdited, "body-edited", "The body edited after it was signed"),
    (Breakage::BodyRewritten, "body-rewritten", "The JSON parsed and written anew on the way"),
    (Breakage::BodyWithLineBreak, "body-with-line-break", "A line break added to the body, as editors do"),
    (Breakage::BodyWithCrLf, "body-with-crlf", "Line ends changed to CRLF on the way"),
    (Breakage::OtherFormSigned, "other-form-signed", "The form signed as another git host does it"),
    (Breakage::WithoutPrefix, "without-prefix", "The signature without what stands before it"),
    (Breakage::UpperCase, "upper-case", "The signature in upper-case hex digits"),
    (Breakage::Base64, "base64", "The signature in base64"),
    (Breakage::Sha1Only, "sha1-only", "Only a SHA-1 signature"),
    (Breakage::JoinedSignatures, "joined-signatures", "Two signatures joined in one header"),
    (Breakage::OldTimestamp, "old-timestamp", "Sent again ten minutes later"),
    (Breakage::WrongHeader, "wrong-header", "Sent in another header"),
    (Breakage::NoProof, "no-proof", "Nothing signed at all"),
];

/// The headers that prove who sent a delivery, of any git host.
pub const PROOFS: [&str; 9] = [
    "x-hub-signature-256",
    "x-hub-signature",
    "x-gitlab-token",
    "webhook-signature",
    "x-forgejo-signature",
    "x-gitea-signature",
    "x-gogs-signature",
    "authorization",
    AZURE_TOKEN,
];

impl Breakage {
    pub fn all() -> impl Iterator<Item = Breakage> {
        TABLE.into_iter().map(|(breakage, ..)| breakage)
    }

    /// `other-secret`
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// What people do, in words.
    pub fn label(self) -> &'static str {
        self.row().2
    }

    pub fn from_name(name: &str) -> Option<Breakage> {
        Breakage::all().find(|breakage| breakage.name() == name)
    }

    fn row(self) -> (Breakage, &'static str, &'static str) {
        // The table has a row for each, which its test holds.
        TABLE.into_iter().find(|(breakage, ..)| *breakage == self).unwrap_or((self, "", ""))
    }

    /// Breaks a delivery that is rightly signed with that secret. An error says why it cannot be broken so.
    pub fn apply(self, delivery: &Request, secret: &str, now: UnixTime) -> Result<Request, String> {
        let whole = Whole::of(delivery, secret)?;
        let none = || format!("{} proves itself in a way that cannot be broken so", whole.provider.label());
        let changed = match self {
            Breakage::OtherSecret => {
                Some(whole.with_value(&whole.proof(&whole.other_secret(secret), &whole.signed)?))
            }
            Breakage::SecretWithLineBreak => match whole.scheme {
                Scheme::Hub(_) | Scheme::Basic => {
                    Some(whole.with_value(&whole.proof(&format!("{secret}\n"), &whole.signed)?))
                }
                Scheme::SigningToken | Scheme::Token(_) => None,
            },
            Breakage::SecretInQuotes => match whole.scheme {
                Scheme::Hub(_) | Scheme::Token(_) => {
                    Some(whole.with_value(&whole.proof(&format!("\"{secret}\""), &whole.signed)?))
                }
                Scheme::SigningToken | Scheme::Basic => None,
            },
            Breakage::SecretItself => whole.hub().map(|_| whole.with_value(secret)),
            Breakage::PasswordAlone => match whole.scheme {
                Scheme::Basic => {
                    let password = secret.split_once(':').map_or(secret, |(_, password)| password);
                    Some(whole.with_value(&whole.proof(&format!(":{password}"), &whole.signed)?))
                }
                Scheme::Hub(_) | Scheme::SigningToken | Scheme::Token(_) => None,
            },
            Breakage::TokenAsText => whole.with_key_as_text(secret),
            Breakage::BodyEdited => whole.with_body(|body| Some(body::edited(body))),
            Breakage::BodyRewritten => whole.with_body(body::rewritten),
            Breakage::BodyWithLineBreak => whole.with_body(|body| Some([body, b"\n"].concat())),
            Breakage::BodyWithCrLf => whole.with_body(body::with_crlf),
            Breakage::OtherFormSigned => whole.signed_as_another_form(secret)?,
            Breakage::WithoutPrefix => whole.without_prefix(),
            Breakage::UpperCase => whole.hub().map(|hub| whole.with_upper_case(hub)),
            Breakage::Base64 => whole.hub().map(|hub| whole.with_base64(hub, secret)),
            Breakage::Sha1Only => whole.hub().map(|hub| whole.with_sha1(hub, secret)),
            Breakage::JoinedSignatures => {
                whole.hub().map(|_| whole.with_value(&format!("{0},{0}", whole.value)))
            }
            Breakage::OldTimestamp => whole.sent_before(secret, now)?,
            Breakage::WrongHeader => Some(whole.in_another_header()),
            Breakage::NoProof => Some(whole.without_proof()),
        };
        // Where the user has no name, a password without its user is the secret.
        changed.filter(|changed| changed != delivery).ok_or_else(none)
    }
}

#[cfg(test)]
mod tests;
