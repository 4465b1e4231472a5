//! The options of curl that people use with webhooks, as its manual page has them.

/// What an option takes and does.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Method,
    Url,
    Header,
    /// Line breaks of a file are removed, of a text none.
    Data,
    /// `@` has no meaning.
    DataRaw,
    DataUrlencode,
    Json,
    User,
    /// The value of a header.
    Value(&'static str),
    Get,
    /// Says how to send it and nothing about what is sent; with a value, or without.
    Other,
    OtherAlone,
}

const OPTIONS: [(&str, Kind); 62] = [
    ("-X", Kind::Method),
    ("--request", Kind::Method),
    ("--url", Kind::Url),
    ("-H", Kind::Header),
    ("--header", Kind::Header),
    ("-d", Kind::Data),
    ("--data", Kind::Data),
    ("--data-ascii", Kind::Data),
    ("--data-binary", Kind::Data),
    ("--data-raw", Kind::DataRaw),
    ("--data-urlencode", Kind::DataUrlencode),
    ("--json", Kind::Json),
    ("-u", Kind::User),
    ("--user", Kind::User),
    ("-A", Kind::Value("user-agent")),
    ("--user-agent", Kind::Value("user-agent")),
    ("-e", Kind::Value("referer")),
    ("--referer", Kind::Value("referer")),
    ("-b", Kind::Value("cookie")),
    ("--cookie", Kind::Value("cookie")),
    ("-G", Kind::Get),
    ("--get", Kind::Get),
    ("-o", Kind::Other),
    ("--output", Kind::Other),
    ("-w", Kind::Other),
    ("--write-out", Kind::Other),
    ("-m", Kind::Other),
    ("--max-time", Kind::Other),
    ("--connect-timeout", Kind::Other),
    ("--retry", Kind::Other),
    ("-x", Kind::Other),
    ("--proxy", Kind::Other),
    ("--cacert", Kind::Other),
    ("-E", Kind::Other),
    ("--cert", Kind::Other),
    ("--key", Kind::Other),
    ("-D", Kind::Other),
    ("--dump-header", Kind::Other),
    ("--resolve", Kind::Other),
    ("-s", Kind::OtherAlone),
    ("--silent", Kind::OtherAlone),
    ("-S", Kind::OtherAlone),
    ("--show-error", Kind::OtherAlone),
    ("-i", Kind::OtherAlone),
    ("--include", Kind::OtherAlone),
    ("-v", Kind::OtherAlone),
    ("--verbose", Kind::OtherAlone),
    ("-k", Kind::OtherAlone),
    ("--insecure", Kind::OtherAlone),
    ("-L", Kind::OtherAlone),
    ("--location", Kind::OtherAlone),
    ("-f", Kind::OtherAlone),
    ("--fail", Kind::OtherAlone),
    ("--fail-with-body", Kind::OtherAlone),
    ("-N", Kind::OtherAlone),
    ("--no-buffer", Kind::OtherAlone),
    ("-g", Kind::OtherAlone),
    ("--globoff", Kind::OtherAlone),
    ("--compressed", Kind::OtherAlone),
    ("--http1.1", Kind::OtherAlone),
    ("--http2", Kind::OtherAlone),
    ("--path-as-is", Kind::OtherAlone),
];

impl Kind {
    pub(super) fn takes_value(self) -> bool {
        !matches!(self, Kind::OtherAlone | Kind::Get)
    }
}

pub(super) fn option(name: &str) -> Option<Kind> {
    OPTIONS.into_iter().find(|(known, _)| *known == name).map(|(_, kind)| kind)
}
