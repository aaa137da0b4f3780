//! How long an answer may be kept, as a value instead of a header string.

use poem::http::HeaderValue;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CachePolicy {
    /// The address changes with the content: keep for ever.
    Immutable,
    /// Ask again each time, so that a withdrawn document is gone at once.
    Revalidate,
    /// For an hour: files for machines that change rarely.
    Hour,
    /// Never kept: health answers and errors.
    NoStore,
}

impl CachePolicy {
    pub fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            CachePolicy::Immutable => "public, max-age=31536000, immutable",
            CachePolicy::Revalidate => "no-cache",
            CachePolicy::Hour => "public, max-age=3600",
            CachePolicy::NoStore => "no-store",
        })
    }
}
