//! XML as a row of openings, closings and texts. Entities that a document defines itself are not known here, and a
//! document type is refused: nothing grows and nothing is fetched.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion, escape};

/// One step through a document. Names are without their prefix.
pub(super) enum Step<'a> {
    Open(&'a str, &'a BytesStart<'a>),
    Close(&'a str),
    Text(&'a str),
}

/// Walks a document from begin to end, until `on` says that it is enough by answering false.
pub(super) fn walk(text: &str, mut on: impl FnMut(Step<'_>) -> bool) -> Result<(), String> {
    let broken = || "het bestand is beschadigd; bewaar het opnieuw en probeer het nog eens".to_owned();
    let mut reader = Reader::from_str(text);
    loop {
        let goes_on = match reader.read_event().map_err(|_| broken())? {
            Event::Start(it) => on(Step::Open(it.local_name().into_inner(), &it)),
            Event::Empty(it) => {
                let name = it.local_name().into_inner();
                on(Step::Open(name, &it)) && on(Step::Close(name))
            }
            Event::End(it) => on(Step::Close(it.local_name().into_inner())),
            Event::Text(it) => on(Step::Text(&it)),
            Event::CData(it) => on(Step::Text(&it)),
            Event::GeneralRef(it) => match it.resolve_char_ref() {
                Ok(Some(c)) => on(Step::Text(c.encode_utf8(&mut [0; 4]))),
                _ => escape::resolve_predefined_entity(&it).is_none_or(|text| on(Step::Text(text))),
            },
            Event::DocType(_) => return Err(broken()),
            Event::Eof => return Ok(()),
            _ => true,
        };
        if !goes_on {
            return Ok(());
        }
    }
}

/// The value of an attribute, its name without prefix.
pub(super) fn attribute(of: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = of.attributes().with_checks(false).flatten().find(|it| it.key.local_name().into_inner() == name)?;
    Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(xml: &str) -> Result<String, String> {
        let mut res = String::new();
        walk(xml, |it| {
            if let Step::Text(text) = it {
                res.push_str(text);
            }
            true
        })?;
        Ok(res)
    }

    #[test]
    fn entities_stay_small() {
        assert_eq!(texts("<a>x &amp; &#233;<![CDATA[<b>]]></a>"), Ok("x & é<b>".into()));
        assert_eq!(texts("<a>&onbekend;</a>"), Ok(String::new()));
        assert!(texts("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>").is_err());
        assert!(texts("<a><b></a>").is_err());
    }
}
