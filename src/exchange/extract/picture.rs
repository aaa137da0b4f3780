//! Images anew: decoded and encoded again, so that nothing but the picture is left. Where and by whom it was taken,
//! and whatever else hid in the file, is gone.
//!
//! Invariant: an image of our own making comes out byte for byte the same.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits};

use crate::domain::attachment::{Media, SIZE_MAX};

/// The longest side and the most points.
const SIDE_MAX: u32 = 12_000;
const POINTS_MAX: u64 = 40_000_000;
/// What decoding may take, in bytes.
const MEMORY: u64 = 400 << 20;
const QUALITY: u8 = 88;

/// The image anew, or why it is refused.
pub(super) fn anew(bytes: &[u8], media: Media) -> Result<Vec<u8>, String> {
    let format = match media {
        Media::Png => ImageFormat::Png,
        Media::Jpeg => ImageFormat::Jpeg,
        _ => ImageFormat::WebP,
    };
    let broken = |_| "de afbeelding is beschadigd; bewaar haar opnieuw en probeer het nog eens".to_owned();
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.no_limits();
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    if SIDE_MAX < width.max(height) || POINTS_MAX < u64::from(width) * u64::from(height) {
        return Err(format!(
            "de afbeelding is {width} bij {height} beeldpunten en dat is te groot; hoogstens {SIDE_MAX} aan een kant en {} miljoen samen, verklein haar",
            POINTS_MAX / 1_000_000
        ));
    }
    decoder.set_limits(limits).map_err(broken)?;
    let orientation = decoder.orientation().map_err(broken)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(broken)?;
    image.apply_orientation(orientation);
    let image = fitting(image, media);
    let res = encoded(&image, media).map_err(broken)?;
    if media == Media::Jpeg && is_own_jpeg(bytes, &res) {
        return Ok(bytes.to_vec());
    }
    if SIZE_MAX < res.len() {
        return Err(format!(
            "de afbeelding wordt zonder verborgen gegevens groter dan {} MB; verklein haar of bewaar haar als JPEG",
            SIZE_MAX >> 20
        ));
    }
    Ok(res)
}

/// The picture in the form that its kind of file comes back in when it is read.
fn fitting(image: DynamicImage, media: Media) -> DynamicImage {
    match (media, &image) {
        (Media::Jpeg, DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_)) => image,
        (Media::Jpeg, _) if image.color().has_color() => image.into_rgb8().into(),
        (Media::Jpeg, _) => image.into_luma8().into(),
        (Media::Webp, _) if image.color().has_alpha() => image.into_rgba8().into(),
        (Media::Webp, _) => image.into_rgb8().into(),
        _ => image,
    }
}

fn encoded(image: &DynamicImage, media: Media) -> image::ImageResult<Vec<u8>> {
    let mut res = Vec::new();
    let (bytes, width, height, color) = (image.as_bytes(), image.width(), image.height(), image.color().into());
    match media {
        Media::Jpeg => JpegEncoder::new_with_quality(&mut res, QUALITY).write_image(bytes, width, height, color)?,
        Media::Png => PngEncoder::new_with_quality(&mut res, CompressionType::Default, FilterType::Adaptive)
            .write_image(bytes, width, height, color)?,
        _ => WebPEncoder::new_lossless(&mut res).write_image(bytes, width, height, color)?,
    }
    Ok(res)
}

/// Whether a JPEG came from our encoder: encoding it again would lose a little each time. It has the head that our
/// encoder writes for such a picture, byte for byte, then the picture, and nothing after its end.
fn is_own_jpeg(bytes: &[u8], anew: &[u8]) -> bool {
    let Some(head) = jpeg_head(anew) else { return false };
    bytes.get(..head) == anew.get(..head) && bytes.get(head..).is_some_and(is_one_scan)
}

/// Where the picture itself begins: after the segment that opens the scan.
fn jpeg_head(bytes: &[u8]) -> Option<usize> {
    const SCAN: u8 = 0xda;
    let mut at = 2;
    loop {
        let [0xff, marker, high, low] = *bytes.get(at..at + 4)? else { return None };
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
        if marker == SCAN {
            return Some(at);
        }
    }
}

/// Whether bytes are one scan, its end, and nothing more. In a scan no marker stands but those that restart it.
fn is_one_scan(bytes: &[u8]) -> bool {
    const END: u8 = 0xd9;
    let mut markers = bytes.windows(2).enumerate().filter(|(_, it)| it[0] == 0xff && !matches!(it[1], 0 | 0xd0..=0xd7));
    markers.next().is_some_and(|(at, it)| it[1] == END && at + 2 == bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32) -> DynamicImage {
        let point = |x: u32, y: u32| image::Rgb([(x * 7 % 256) as u8, (y * 5 % 256) as u8, ((x * y) % 256) as u8]);
        image::RgbImage::from_fn(width, height, point).into()
    }

    fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut res = Cursor::new(Vec::new());
        image.write_to(&mut res, format).unwrap();
        res.into_inner()
    }

    #[test]
    fn an_image_of_our_own_stays_as_it_is() {
        let grey = DynamicImage::ImageLuma8(picture(30, 40).into_luma8());
        let clear = DynamicImage::ImageRgba8(picture(30, 40).into_rgba8());
        for (image, media, format) in [
            (picture(33, 47), Media::Jpeg, ImageFormat::Jpeg),
            (grey.clone(), Media::Jpeg, ImageFormat::Jpeg),
            (picture(33, 47), Media::Png, ImageFormat::Png),
            (grey, Media::Png, ImageFormat::Png),
            (clear.clone(), Media::Png, ImageFormat::Png),
            (DynamicImage::ImageRgb16(picture(20, 20).into_rgb16()), Media::Png, ImageFormat::Png),
            (picture(33, 47), Media::Webp, ImageFormat::WebP),
            (clear, Media::Webp, ImageFormat::WebP),
        ] {
            let first = anew(&written(&image, format), media).unwrap();
            assert_eq!(anew(&first, media).unwrap(), first, "{media:?}");
        }
    }

    #[test]
    fn what_follows_an_image_is_dropped() {
        let first = anew(&written(&picture(33, 47), ImageFormat::Jpeg), Media::Jpeg).unwrap();
        let longer = [&first[..], b"<script>"].concat();
        let again = anew(&longer, Media::Jpeg).unwrap();
        assert!(!again.windows(8).any(|it| it == b"<script>"));
    }

    #[test]
    fn broken_and_too_large_images_are_refused() {
        let bytes = written(&picture(400, 300), ImageFormat::Png);
        assert!(anew(&bytes[..bytes.len() / 2], Media::Png).unwrap_err().contains("beschadigd"));
        let wide = written(&DynamicImage::new_luma8(SIDE_MAX + 1, 1), ImageFormat::Png);
        assert!(anew(&wide, Media::Png).unwrap_err().contains("12001 bij 1"));
    }
}
