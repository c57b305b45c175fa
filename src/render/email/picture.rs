//! A drawing as a picture.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

/// Points of the picture for one of the drawing: sharp enough on fine screens, and small.
const SCALE: f32 = 1.5;

/// The typefaces of pictures, the same on every machine.
static FACES: [&[u8]; 2] = [
    include_bytes!("../../../templates/fonts/vazirmatn-regular.ttf"),
    include_bytes!("../../../templates/fonts/vazirmatn-bold.ttf"),
];

/// A drawing as PNG. None where it is no drawing, which a project's own template may bring about.
pub(super) fn png(svg: &str) -> Option<Vec<u8>> {
    let options = Options { fontdb: Arc::clone(faces()), ..Options::default() };
    let tree = Tree::from_str(&settled(svg), &options).ok()?;
    let size = tree.size();
    #[allow(clippy::cast_sign_loss, reason = "no drawing is less than nothing wide")]
    let side = |length: f32| (length * SCALE).ceil() as u32;
    let mut pixmap = Pixmap::new(side(size.width()), side(size.height()))?;
    pixmap.fill(resvg::tiny_skia::Color::WHITE);
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixmap.as_mut());
    packed(&pixmap)
}

/// The picture with a palette, which makes it a third as large: a drawing has few colours and
/// their shades at the edges. Where there are more than a palette holds, close ones become one.
fn packed(pixmap: &Pixmap) -> Option<Vec<u8>> {
    (0..8).find_map(|bits| {
        let mut places: BTreeMap<[u8; 3], u8> = BTreeMap::new();
        let mut indices = Vec::with_capacity(pixmap.pixels().len());
        for pixel in pixmap.pixels() {
            // Nothing shines through: the ground is white.
            let colour = [pixel.red(), pixel.green(), pixel.blue()].map(|c| nearest(c, bits));
            let next = places.len();
            let place = match places.get(&colour) {
                Some(place) => *place,
                None => *places.entry(colour).or_insert(u8::try_from(next).ok()?),
            };
            indices.push(place);
        }
        let mut palette: Vec<([u8; 3], u8)> = places.into_iter().collect();
        palette.sort_by_key(|(_, place)| *place);
        let palette: Vec<u8> = palette.into_iter().flat_map(|(colour, _)| colour).collect();
        encoded(pixmap.width(), pixmap.height(), palette, &indices).ok()
    })
}

/// A shade without its last bits, white staying white.
fn nearest(shade: u8, bits: u32) -> u8 {
    let step = 1_u16 << bits;
    let rounded = (u16::from(shade) + step / 2) / step * step;
    rounded.min(255) as u8
}

fn encoded(
    width: u32,
    height: u32,
    palette: Vec<u8>,
    indices: &[u8],
) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(indices)?;
    writer.finish()?;
    Ok(bytes)
}

fn faces() -> &'static Arc<fontdb::Database> {
    static LOADED: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    LOADED.get_or_init(|| {
        let mut faces = fontdb::Database::new();
        for face in FACES {
            faces.load_font_data(face.to_vec());
        }
        for set in [fontdb::Database::set_sans_serif_family, fontdb::Database::set_serif_family] {
            set(&mut faces, "Vazirmatn");
        }
        Arc::new(faces)
    })
}

/// The drawing with the colours of its style sheet in place: the renderer knows no variables, so
/// that each `var(--name,VALUE)` becomes its value.
fn settled(svg: &str) -> String {
    let mut text = svg.to_owned();
    // The innermost one first, whose brackets hold no other.
    while let Some(start) = text.rfind("var(") {
        let Some(length) = text[start..].find(')') else { break };
        let inner = &text[start + 4..start + length];
        let value = inner.split_once(',').map_or("inherit", |(_, value)| value).to_owned();
        text.replace_range(start..=start + length, &value);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_become_their_values() {
        assert_eq!(settled("a:var(--a,#fff);b:var(--b,var(--c,1px))"), "a:#fff;b:1px");
        assert_eq!(settled("a:var(--a)"), "a:inherit");
        assert_eq!(settled("a:var(--a"), "a:var(--a");
    }

    #[test]
    fn a_drawing_becomes_the_same_picture_each_time() {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 20\" width=\"40\" height=\"20\">\
                   <text x=\"2\" y=\"14\" font-family=\"system-ui,sans-serif\">نرخ ۳٫۱٪</text></svg>";
        let first = png(svg).unwrap();
        assert_eq!(&first[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(png(svg).unwrap(), first);
        let empty = svg.replace("نرخ ۳٫۱٪", "");
        assert_ne!(png(&empty).unwrap(), first, "no letter is drawn");
        assert!(png("no drawing").is_none());
    }
}
