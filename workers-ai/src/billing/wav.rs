//! The length of a WAV recording.

use std::time::Duration;

/// Returns the length of a WAV recording. `None`: it is not one, or its header does not say.
pub(crate) fn duration(recording: &[u8]) -> Option<Duration> {
    let mut rest = recording.strip_prefix(b"RIFF")?.get(4..)?.strip_prefix(b"WAVE")?;
    let mut bytes_per_second = None;
    loop {
        let (id, after) = rest.split_first_chunk::<4>()?;
        let (size, chunk) = after.split_first_chunk::<4>()?;
        let size = usize::try_from(u32::from_le_bytes(*size)).ok()?;
        match id {
            b"fmt " => bytes_per_second = chunk.get(8..)?.first_chunk().copied().map(u32::from_le_bytes),
            b"data" => {
                // A recording that was streamed while it was made may declare a size that it does not have.
                let bytes = u64::try_from(chunk.len().min(size)).ok()?;
                let nanoseconds = bytes.checked_mul(1_000_000_000)?.checked_div(bytes_per_second?.into())?;
                return Some(Duration::from_nanos(nanoseconds));
            }
            _ => {}
        }
        // Chunks begin at even places.
        rest = chunk.get(size.checked_add(size % 2)?..)?;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::duration;

    /// A recording of 8,000 samples a second, two bytes each.
    fn wav(says: u32, bytes: usize) -> Vec<u8> {
        let mut wav = b"RIFF\0\0\0\0WAVELIST\x03\0\0\0odd\0fmt \x10\0\0\0\x01\0\x01\0".to_vec();
        wav.extend(8_000_u32.to_le_bytes());
        wav.extend(16_000_u32.to_le_bytes());
        wav.extend(b"\x02\0\x10\0data");
        wav.extend(says.to_le_bytes());
        wav.resize(wav.len() + bytes, 0);
        wav
    }

    #[test]
    fn a_recording_is_as_long_as_its_samples_take() {
        assert_eq!(duration(&wav(24_000, 24_000)), Some(Duration::from_millis(1_500)));
        // What comes after the samples is no sound.
        assert_eq!(duration(&wav(24_000, 24_500)), Some(Duration::from_millis(1_500)));
        assert_eq!(duration(&wav(u32::MAX, 8_000)), Some(Duration::from_millis(500)));
    }

    #[test]
    fn what_does_not_say_it_has_no_length() {
        assert_eq!(duration(b""), None);
        assert_eq!(duration(b"ID3\x04 an MP3"), None);
        assert_eq!(duration(b"RIFF\0\0\0\0WAVEdata\0\0\0\0"), None);
        let whole = wav(4, 4);
        for end in 0..whole.len() - 4 {
            assert_eq!(duration(&whole[..end]), None, "{end}");
        }
        // No bytes a second.
        let mut silent = whole;
        silent[40..44].fill(0);
        assert_eq!(duration(&silent), None);
    }
}
