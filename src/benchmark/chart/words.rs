//! Text in a drawing: made safe for XML, measured, cut or broken into lines so that it fits.

/// For text and attribute values. What XML does not allow at all is left out.
pub fn escape(text: &str) -> String {
    let mut res = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => res.push_str("&amp;"),
            '<' => res.push_str("&lt;"),
            '>' => res.push_str("&gt;"),
            '"' => res.push_str("&quot;"),
            '\'' => res.push_str("&#39;"),
            '\t' | '\n' | '\r' => res.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            it if it.is_control() => {}
            it => res.push(it),
        }
    }
    res
}

/// About how wide a text is, in pixels, on the safe side: the fonts of readers differ.
pub fn width(text: &str, size: f64) -> f64 {
    let ems: f64 =
        text.chars()
            .map(|c| match c {
                'i' | 'j' | 'l' | 't' | 'f' | 'I' | '.' | ',' | ':' | ';' | '\'' | '’' | '|' | '!' | '(' | ')'
                | ' ' => 0.34,
                'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '←' | '→' => 1.0,
                it if it.is_uppercase() => 0.74,
                it if it.is_ascii() => 0.61,
                it if (it as u32) < 0x2e80 => 0.65,
                _ => 1.1,
            })
            .sum();
    ems * size
}

/// Cut with an ellipsis where it is wider than `room`; empty where not even that fits.
pub fn fit(text: &str, room: f64, size: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut res = String::new();
    let mut used = width("…", size);
    if room < used {
        return res;
    }
    for c in text.chars() {
        used += width(c.encode_utf8(&mut [0; 4]), size);
        if room < used {
            break;
        }
        res.push(c);
    }
    res.truncate(res.trim_end().len());
    res.push('…');
    res
}

/// Lines no wider than `room`, broken at spaces, at most `most`; the last is cut where there is more.
pub fn wrap(text: &str, room: f64, size: f64, most: usize) -> Vec<String> {
    let mut res: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if width(&longer, size) <= room || line.is_empty() {
            line = longer;
        } else if res.len() + 1 == most {
            // No line is left: all that follows is cut here.
            let rest: Vec<&str> = words.by_ref().collect();
            line = format!("{longer} {}", rest.join(" "));
            break;
        } else {
            res.push(std::mem::replace(&mut line, word.to_owned()));
        }
    }
    if !line.is_empty() {
        res.push(line);
    }
    res.iter().map(|it| fit(it, room, size)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn safe_and_short() {
        assert_eq!(escape("a<b & \"c\"\u{0}\u{ffff}'\n"), "a&lt;b &amp; &quot;c&quot;&#39; ");
        assert_eq!(fit("kort", 100.0, 14.0), "kort");
        let cut = fit("Zorggroep met een lange naam", 100.0, 14.0);
        assert!(cut.ends_with('…') && width(&cut, 14.0) <= 100.0, "{cut}");
        assert_eq!(fit("lang", 2.0, 14.0), "");
    }

    #[test]
    fn lines() {
        assert_eq!(wrap("een twee drie", 60.0, 14.0, 3), ["een", "twee", "drie"]);
        let cut = wrap("een twee drie vier vijf", 60.0, 14.0, 2);
        assert!(cut.len() == 2 && cut[1].starts_with("twee") && cut[1].ends_with('…'), "{cut:?}");
        assert!(wrap("  ", 60.0, 14.0, 2).is_empty());
    }
}
