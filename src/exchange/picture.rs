//! A drawing as PNG, for where SVG is not taken: a letter, a slide, a chat.
//!
//! The letters come along in the program, for a server may have none: Noto Sans, regular and bold. Nothing on the
//! server is read: no fonts, no files, no images that a drawing would point to.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{FontResolver, ImageHrefResolver, Options, Tree};

/// How much larger than its own size a drawing is made, so that it stays sharp on paper.
const SCALE: f32 = 2.0;
/// The most pixels of a picture; a longer drawing is made smaller.
const PIXELS_MAX: f32 = 8_000_000.0;
/// The largest drawing that is read, in bytes.
const DRAWING_MAX: usize = 4 << 20;
/// A light line around letters: text stands over lines.
const SHEET: &str = "text{stroke:#fff;stroke-width:3px;stroke-linejoin:round;paint-order:stroke}";

static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut res = Database::new();
    for font in [notosans::REGULAR_TTF, notosans::BOLD_TTF] {
        res.load_font_source(Source::Binary(Arc::new(font)));
    }
    res.set_sans_serif_family("Noto Sans");
    Arc::new(res)
});

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("de tekening is te groot voor een afbeelding: {0} bytes")]
    Large(usize),
    #[error("de tekening is niet te lezen: {0}")]
    Drawing(#[from] resvg::usvg::Error),
    #[error("er is geen ruimte voor een afbeelding van {0} bij {1}")]
    Room(u32, u32),
    #[error("de afbeelding is niet te schrijven: {0}")]
    Write(String),
}

/// Draws SVG of our own, without a style sheet in it, on white. Takes some tenths of a second: not for an async thread.
pub fn png(drawing: &str) -> Result<Vec<u8>, Error> {
    if DRAWING_MAX < drawing.len() {
        return Err(Error::Large(drawing.len()));
    }
    let options = Options {
        font_family: "Noto Sans".to_owned(),
        fontdb: FONTS.clone(),
        font_resolver: FontResolver::default(),
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        style_sheet: Some(SHEET.to_owned()),
        ..Options::default()
    };
    let tree = Tree::from_str(drawing, &options)?;
    let size = tree.size();
    let scale = SCALE.min((PIXELS_MAX / (size.width() * size.height())).sqrt());
    let (width, height) = ((size.width() * scale).ceil() as u32, (size.height() * scale).ceil() as u32);
    let mut picture = Pixmap::new(width, height).ok_or(Error::Room(width, height))?;
    picture.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    picture.encode_png().map_err(|error| Error::Write(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(height: u32, inner: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100\" height=\"{height}\" \
             viewBox=\"0 0 100 {height}\" font-family=\"Arial, sans-serif\" font-size=\"20\">{inner}</svg>"
        )
    }

    /// Dark pixels of a picture, and its size.
    fn dark(png: &[u8]) -> (usize, u32, u32) {
        let picture = image::load_from_memory(png).unwrap().to_luma8();
        (picture.pixels().filter(|it| it.0[0] < 100).count(), picture.width(), picture.height())
    }

    #[test]
    fn letters_are_drawn_without_fonts_on_the_server() {
        let (count, width, height) = dark(&png(&drawing(40, "")).unwrap());
        assert_eq!((count, width, height), (0, 200, 80));
        let text = |weight: u32, text: &str| {
            dark(&png(&drawing(40, &format!("<text y=\"25\" font-weight=\"{weight}\">{text}</text>"))).unwrap()).0
        };
        assert!(300 < text(400, "Verzuim"));
        assert!(text(400, "Verzuim") < text(700, "Verzuim"));
        // What our drawings use beside letters; a letter that is missing would be a box, the same for each.
        let boxed = text(400, "\u{e000}");
        for sign in ["←", "→", "↑", "↓", "√", "τ", "²", "≥", "’", "…", "–", "é", "ë", "€", "−"]
        {
            assert!(0 < text(400, sign) && text(400, sign) != boxed, "{sign}");
        }
    }

    #[test]
    fn a_picture_has_a_largest_size() {
        let (_, width, height) = dark(&png(&drawing(200_000, "")).unwrap());
        assert!(f64::from(width) * f64::from(height) < 8_200_000.0 && 50 < width, "{width} {height}");
        assert!(matches!(png(&"x".repeat(DRAWING_MAX + 1)), Err(Error::Large(_))));
        assert!(matches!(png("<svg"), Err(Error::Drawing(_))));
    }

    #[test]
    fn nothing_outside_the_drawing_is_read() {
        let inner = "<image href=\"/etc/passwd\" width=\"90\" height=\"30\"/>\
                     <image href=\"data:image/svg+xml;base64,PHN2Zy8+\" width=\"90\" height=\"30\"/>";
        assert_eq!(dark(&png(&drawing(40, inner)).unwrap()).0, 0);
    }
}
