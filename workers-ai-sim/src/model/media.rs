//! Images that show their prompt and recordings with their text embedded, small enough for tests.

use font8x8::UnicodeFonts;

use super::similarity::hash;

/// Marks the text in the metadata of images and recordings, so that vision and speech models can recognize them.
const MARK: &str = "workers-ai-sim-text:";

/// Returns the text that is embedded in an image or a recording of the simulator.
pub(crate) fn embedded_text(bytes: &[u8]) -> Option<String> {
    let at = bytes.windows(MARK.len()).position(|window| window == MARK.as_bytes())? + MARK.len();
    let rest = &bytes[at..];
    let end = rest.iter().position(|byte| *byte == 0)?;
    String::from_utf8(rest[..end].to_vec()).ok()
}

fn mark(text: &str) -> Vec<u8> {
    let mut bytes = MARK.as_bytes().to_vec();
    bytes.extend(text.bytes().filter(|byte| *byte != 0).take(8_000));
    // The limit may have split a character.
    while std::str::from_utf8(&bytes).is_err() {
        bytes.pop();
    }
    bytes.push(0);
    bytes
}

/// An RGB image.
pub(crate) struct Image {
    width: u16,
    height: u16,
    pixels: Vec<u8>,
    prompt: String,
}

const MIN_SIDE: u64 = 16;
const MAX_SIDE: u64 = 1024;

impl Image {
    /// Draws an image with colours derived from the prompt, and the prompt's words.
    #[allow(clippy::cast_possible_truncation, reason = "colours are cut to a byte on purpose")]
    pub(crate) fn new(prompt: &str, seed: u64, width: u64, height: u64) -> Self {
        let side = |length: u64| u16::try_from(length.clamp(MIN_SIDE, MAX_SIDE)).unwrap_or(512);
        let (width, height) = (side(width), side(height));
        let colours = hash(&seed.to_string(), prompt).to_le_bytes();
        let mut pixels = Vec::with_capacity(usize::from(width) * usize::from(height) * 3);
        for y in 0..u32::from(height) {
            for x in 0..u32::from(width) {
                let (right, down) = (x * 255 / u32::from(width), y * 255 / u32::from(height));
                for channel in 0..3 {
                    let (from, to) = (u32::from(colours[channel]), u32::from(colours[channel + 3]));
                    pixels.push(((from * (255 - down) + to * down + right * 32) / 510) as u8);
                }
            }
        }
        let mut image = Self { width, height, pixels, prompt: prompt.to_owned() };
        image.write(prompt);
        image
    }

    fn write(&mut self, text: &str) {
        let scale = usize::from(self.width / 256).max(1);
        let cell = 8 * scale;
        let columns = (usize::from(self.width) / cell).saturating_sub(2).max(1);
        let rows = (usize::from(self.height) / (cell + 2 * scale)).saturating_sub(2);
        for (row, line) in wrap(text, columns).iter().take(rows).enumerate() {
            for (column, letter) in line.chars().enumerate() {
                let glyph = font8x8::BASIC_FONTS.get(letter).or_else(|| font8x8::LATIN_FONTS.get(letter));
                let (left, top) = ((column + 1) * cell, cell + row * (cell + 2 * scale));
                self.glyph(glyph.unwrap_or([0, 0, 60, 60, 60, 60, 0, 0]), left, top, scale);
            }
        }
    }

    fn glyph(&mut self, glyph: [u8; 8], left: usize, top: usize, scale: usize) {
        for (y, row) in glyph.iter().enumerate() {
            for x in (0..8).filter(|x| row & (1 << x) != 0) {
                for (dx, dy) in (0..scale).flat_map(|dx| (0..scale).map(move |dy| (dx, dy))) {
                    let at = ((top + y * scale + dy) * usize::from(self.width) + left + x * scale + dx) * 3;
                    if let Some(pixel) = self.pixels.get_mut(at..at + 3) {
                        pixel.fill(255);
                    }
                }
            }
        }
    }

    /// Encodes the image as JPEG.
    pub(crate) fn jpeg(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 80);
        let marked = encoder.add_app_segment(10, mark(&self.prompt));
        let done =
            marked.and_then(|()| encoder.encode(&self.pixels, self.width, self.height, jpeg_encoder::ColorType::Rgb));
        if done.is_ok() { bytes } else { Vec::new() }
    }

    /// Encodes the image as PNG.
    pub(crate) fn png(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, u32::from(self.width), u32::from(self.height));
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        let done = encoder.write_header().and_then(|mut writer| {
            writer.write_chunk(png::chunk::ChunkType(*b"siMt"), &mark(&self.prompt))?;
            writer.write_image_data(&self.pixels)?;
            writer.finish()
        });
        if done.is_ok() { bytes } else { Vec::new() }
    }
}

fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let mut letters: Vec<char> = word.chars().collect();
        let used = lines.last().map_or(0, |line| line.chars().count());
        if used > 0 && used + 1 + letters.len() > columns {
            lines.push(String::new());
        } else if used > 0
            && let Some(line) = lines.last_mut()
        {
            line.push(' ');
        }
        while letters.len() > columns {
            let rest = letters.split_off(columns);
            if let Some(line) = lines.last_mut() {
                line.extend(letters);
            }
            lines.push(String::new());
            letters = rest;
        }
        if let Some(line) = lines.last_mut() {
            line.extend(letters);
        }
    }
    lines
}

/// Returns a WAV file with one tone per word.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "samples are small")]
pub(crate) fn wav(text: &str, sample_rate: u32) -> Vec<u8> {
    const MAX_WORDS: usize = 40;
    let rate = sample_rate.clamp(8_000, 48_000);
    let spec =
        hound::WavSpec { channels: 1, sample_rate: rate, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut sound = std::io::Cursor::new(Vec::new());
    let written = hound::WavWriter::new(&mut sound, spec).and_then(|mut writer| {
        for word in text.split_whitespace().take(MAX_WORDS) {
            let pitch = 220.0 + (hash("pitch", word) % 440) as f32;
            let (tone, pause) = (rate / 8, rate / 32);
            for at in 0..tone + pause {
                let seconds = at as f32 / rate as f32;
                let loudness = if at < tone { (std::f32::consts::PI * at as f32 / tone as f32).sin() } else { 0.0 };
                writer.write_sample((loudness * 8_000.0 * (std::f32::consts::TAU * pitch * seconds).sin()) as i16)?;
            }
        }
        writer.finalize()
    });
    let mut bytes = if written.is_ok() { sound.into_inner() } else { Vec::new() };
    let mut comment = mark(text);
    if comment.len() % 2 == 1 {
        comment.push(0);
    }
    let size = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
    bytes.extend_from_slice(b"LIST");
    bytes.extend_from_slice(&size(4 + 8 + comment.len()));
    bytes.extend_from_slice(b"INFOICMT");
    bytes.extend_from_slice(&size(comment.len()));
    bytes.extend_from_slice(&comment);
    let whole = size(bytes.len() - 8);
    bytes[4..8].copy_from_slice(&whole);
    bytes
}

/// Returns an MP3 file with silence as long as the text takes to say.
pub(crate) fn mp3(text: &str) -> Vec<u8> {
    /// MPEG 1 layer III, 128 kbit/s, 44.1 kHz, mono.
    const HEADER: [u8; 4] = [0xff, 0xfb, 0x90, 0xc4];
    const FRAME: usize = 417;
    const FRAMES_PER_WORD: usize = 12;
    let comment = mark(text);
    // An ID3v2.3 comment frame: encoding, language, an empty description, the text.
    let mut frame = vec![0, b'e', b'n', b'g', 0];
    frame.extend_from_slice(&comment);
    let frame_size = u32::try_from(frame.len()).unwrap_or_default();
    let whole = frame_size + 10;
    let seven_bits = |shift: u32| u8::try_from(whole >> shift & 0x7f).unwrap_or_default();
    let mut bytes = b"ID3\x03\x00\x00".to_vec();
    bytes.extend([seven_bits(21), seven_bits(14), seven_bits(7), seven_bits(0)]);
    bytes.extend_from_slice(b"COMM");
    bytes.extend_from_slice(&frame_size.to_be_bytes());
    bytes.extend_from_slice(&[0, 0]);
    bytes.extend_from_slice(&frame);
    let words = text.split_whitespace().count().clamp(1, 200);
    for _ in 0..words * FRAMES_PER_WORD {
        bytes.extend_from_slice(&HEADER);
        bytes.resize(bytes.len() + FRAME - HEADER.len(), 0);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::{Image, embedded_text, mp3, wav};

    #[test]
    fn pictures_and_recordings_carry_their_text() {
        let picture = Image::new("a lighthouse at dusk, größer", 0, 64, 64);
        assert!(picture.jpeg().starts_with(b"\xff\xd8\xff"));
        assert!(picture.png().starts_with(b"\x89PNG"));
        for bytes in [
            picture.jpeg(),
            picture.png(),
            wav("a lighthouse at dusk, größer", 16_000),
            mp3("a lighthouse at dusk, größer"),
        ] {
            assert_eq!(embedded_text(&bytes).as_deref(), Some("a lighthouse at dusk, größer"));
        }
        assert_eq!(embedded_text(b"nothing"), None);
    }

    #[test]
    fn recordings_can_be_read() {
        let sound = wav("two words", 16_000);
        let reader = hound::WavReader::new(std::io::Cursor::new(sound)).expect("a WAV file");
        assert_eq!(reader.duration(), 2 * (16_000 / 8 + 16_000 / 32));
        // Each frame begins where the one before it ends.
        let sound = mp3("one");
        let start = 10 + 10 + usize::from(sound[17]) + (usize::from(sound[16]) << 8);
        assert_eq!(&sound[start..start + 2], b"\xff\xfb");
        assert_eq!((sound.len() - start) % 417, 0);
    }
}
