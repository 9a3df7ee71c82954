//! Reads lists of vectors in one pass: they are most of an embedding model's response, and a general parser is slow at numbers.

/// The vectors of a document, and the rest of it.
pub(crate) struct Found {
    pub(crate) numbers: Vec<f32>,
    pub(crate) count: usize,
    pub(crate) dimensions: usize,
    /// The document with [`MARK`] in place of the vectors.
    pub(crate) rest: Vec<u8>,
}

/// Replaces the vectors, so that the general parser shows whether they stood where they belong.
pub(crate) const MARK: f32 = 7.25e30;
const MARK_TEXT: &[u8] = b"[[7.25e30]]";

/// Finds the list of vectors in the first member with one of these names. `None`: it is anything but numbers in
/// rows of equal length, and the general parser says what is wrong with it.
pub(crate) fn find(body: &[u8], names: [&str; 2]) -> Option<Found> {
    let start = names.iter().filter_map(|name| member(body, name.as_bytes())).min()?;
    let mut scan = Scan { body, at: start };
    let mut found = Found { numbers: Vec::with_capacity(body.len() / 16), count: 0, dimensions: 0, rest: Vec::new() };
    scan.expect(b'[')?;
    loop {
        scan.expect(b'[')?;
        let before = found.numbers.len();
        loop {
            scan.space();
            found.numbers.push(scan.number()?);
            match scan.next()? {
                b',' => {}
                b']' => break,
                _ => return None,
            }
        }
        let length = found.numbers.len() - before;
        if found.count == 0 {
            found.dimensions = length;
        } else if found.dimensions != length {
            return None;
        }
        found.count += 1;
        match scan.next()? {
            b',' => {}
            b']' => break,
            _ => return None,
        }
    }
    found.rest.extend_from_slice(body.get(..start)?);
    found.rest.extend_from_slice(MARK_TEXT);
    found.rest.extend_from_slice(body.get(scan.at..)?);
    Some(found)
}

/// Returns the position at which the value of a member begins.
fn member(body: &[u8], name: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(quote) = body.get(from..)?.iter().position(|byte| *byte == b'"') {
        let start = from + quote + 1;
        let Some(rest) = body.get(start..)?.strip_prefix(name).and_then(|rest| rest.strip_prefix(b"\"")) else {
            from = start;
            continue;
        };
        let at = body.len() - rest.len();
        let mut scan = Scan { body, at };
        if scan.expect(b':').is_some() {
            scan.space();
            return Some(scan.at);
        }
        from = at;
    }
    None
}

struct Scan<'b> {
    body: &'b [u8],
    at: usize,
}

impl Scan<'_> {
    fn peek(&self) -> u8 {
        self.body.get(self.at).copied().unwrap_or_default()
    }

    fn space(&mut self) {
        while matches!(self.peek(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
    }

    /// Returns the next byte that is not white space.
    fn next(&mut self) -> Option<u8> {
        self.space();
        let byte = self.body.get(self.at).copied();
        self.at += 1;
        byte
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }

    /// Adds digits to a mantissa. Returns their number.
    fn digits(&mut self, mantissa: &mut u64) -> i32 {
        let start = self.at;
        while let digit @ 0..=9 = self.peek().wrapping_sub(b'0') {
            *mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
            self.at += 1;
        }
        i32::try_from(self.at - start).unwrap_or(i32::MAX)
    }

    fn number(&mut self) -> Option<f32> {
        let start = self.at;
        let negative = self.peek() == b'-';
        self.at += usize::from(negative);
        let mut mantissa = 0;
        let zero = self.peek() == b'0';
        let whole = self.digits(&mut mantissa);
        if whole == 0 || (zero && whole > 1) {
            return None;
        }
        let mut fraction = 0;
        if self.peek() == b'.' {
            self.at += 1;
            fraction = self.digits(&mut mantissa);
            if fraction == 0 {
                return None;
            }
        }
        let mut exponent = 0;
        if matches!(self.peek(), b'e' | b'E') {
            self.at += 1;
            let down = self.peek() == b'-';
            self.at += usize::from(matches!(self.peek(), b'-' | b'+'));
            let mut size = 0;
            let digits = self.digits(&mut size);
            if digits == 0 {
                return None;
            }
            let size = if digits > 9 { i32::MAX / 2 } else { i32::try_from(size).ok()? };
            exponent = if down { -size } else { size };
        }
        // More digits than a mantissa holds wrap around: they are left to the general parser.
        let fast = (whole + fraction <= 19).then(|| quick(mantissa, exponent - fraction)).flatten();
        match fast {
            Some(number) => Some(if negative { -number } else { number }),
            None => {
                let text = std::str::from_utf8(self.body.get(start..self.at)?).ok()?;
                text.parse::<f32>().ok().filter(|number| number.is_finite())
            }
        }
    }
}

/// Returns `mantissa` times ten to the `exponent`, if it is certain to be rounded correctly.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "the last bits are looked at below")]
fn quick(mantissa: u64, exponent: i32) -> Option<f32> {
    const POWERS: [f64; 23] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ];
    /// The bits of a double that a float does not have, and half of them.
    const LOST: u64 = (1 << 29) - 1;
    const HALF: u64 = 1 << 28;
    if mantissa == 0 {
        return Some(0.0);
    }
    let power = POWERS.get(usize::try_from(exponent.unsigned_abs()).ok()?)?;
    let number = if exponent < 0 { mantissa as f64 / power } else { mantissa as f64 * power };
    let normal = (f64::from(f32::MIN_POSITIVE)..=f64::from(f32::MAX)).contains(&number);
    // Both operations may be off by the last bit or two, which matters only beside the middle of two floats.
    let certain = (number.to_bits() & LOST).abs_diff(HALF) > 4;
    (normal && certain).then_some(number as f32)
}

#[cfg(test)]
mod tests {
    use super::{MARK, find};

    fn rows(body: &str) -> Option<(Vec<f32>, usize, usize, String)> {
        let found = find(body.as_bytes(), ["data", "response"])?;
        Some((found.numbers, found.count, found.dimensions, String::from_utf8(found.rest).expect("text")))
    }

    #[test]
    fn vectors_are_cut_out_of_their_document() {
        let (numbers, count, dimensions, rest) =
            rows(r#"{"shape":[2,2],"data": [ [1, -0.5],[2e3 ,0] ] ,"pooling":"cls"}"#).expect("rows");
        assert_eq!((numbers, count, dimensions), (vec![1.0, -0.5, 2000.0, 0.0], 2, 2));
        assert_eq!(rest, r#"{"shape":[2,2],"data": [[7.25e30]] ,"pooling":"cls"}"#);
        assert_eq!("7.25e30".parse(), Ok(MARK));
    }

    #[test]
    fn everything_else_is_left_to_the_general_parser() {
        for body in [
            "",
            "{",
            "[]",
            r#"{"data":[]}"#,
            r#"{"data":[[]]}"#,
            r#"{"data":[[1],[1,2]]}"#,
            r#"{"data":[[1,null]]}"#,
            r#"{"data":[["1"]]}"#,
            r#"{"data":[[01]]}"#,
            r#"{"data":[[1.]]}"#,
            r#"{"data":[[-]]}"#,
            r#"{"data":[[1e]]}"#,
            r#"{"data":[[1]"#,
            r#"{"data":[[1 2]]}"#,
            r#"{"data":[[1e99]]}"#,
            r#"{"data":"data"}"#,
            r#"{"date":[[1]]}"#,
        ] {
            assert!(rows(body).is_none(), "{body}");
        }
    }

    #[test]
    fn numbers_are_rounded_as_they_should_be() {
        let mut texts: Vec<String> = Vec::new();
        let mut seed = 1_u64;
        for _ in 0..20_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let float = f32::from_bits(u32::try_from(seed >> 32).expect("32 bits"));
            if float.is_finite() {
                texts.extend([format!("{float:e}"), format!("{:e}", f64::from(float) * 1.000_000_059_604_644_8)]);
            }
            texts.push(format!("{:.17}", f64::from(u32::try_from(seed >> 40).expect("24 bits")) / 16_777_259.0 - 0.5));
        }
        texts.extend(
            ["0.000000059604644775390625", "16777217", "1e-45", "3.4028235e38", "12345678901234567890123"]
                .map(str::to_owned),
        );
        for text in texts {
            let (numbers, ..) = rows(&format!("{{\"data\":[[{text}]]}}")).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(numbers[0].to_bits(), text.parse::<f32>().expect("a number").to_bits(), "{text}");
        }
    }
}
