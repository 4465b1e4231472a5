//! What becomes of a body on its way.

use serde_json::Value;

/// Still JSON where it was, and still a form.
pub(super) fn edited(body: &[u8]) -> Vec<u8> {
    const MEMBER: &[u8] = b"\"edited\":true";
    if let Some(payload) = body.strip_prefix(b"payload=") {
        // Before the JSON, where a space means nothing.
        return [b"payload=+", payload].concat();
    }
    let Some(open) = body.iter().position(|byte| *byte == b'{') else {
        return [body, b" "].concat();
    };
    let (before, after) = body.split_at(open + 1);
    let comma: &[u8] = if after.trim_ascii_start().starts_with(b"}") { b"" } else { b"," };
    [before, MEMBER, comma, after].concat()
}

pub(super) fn rewritten(body: &[u8]) -> Option<Vec<u8>> {
    let json: Value = serde_json::from_slice(body).ok()?;
    let short = serde_json::to_vec(&json).ok()?;
    if short == body {
        serde_json::to_vec_pretty(&json).ok().filter(|long| long != body)
    } else {
        Some(short)
    }
}

pub(super) fn with_crlf(body: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(body).ok()?;
    let is_lf = text.contains('\n') && !text.contains('\r');
    is_lf.then(|| text.replace('\n', "\r\n").into_bytes())
}
