//! The units that the catalog has prices for: tokens, steps, tiles, minutes, characters.

use std::time::Duration;

use serde_json::Value;
use workers_ai_types::{
    catalog::{ModelInfo, Price, PriceUnit},
    codec::Body,
    media::Media,
};

use super::{
    context::{Measured, texts},
    cost::Cost,
    wav,
};

/// The side of a tile, in pixels.
const TILE: u64 = 512;

/// The billable units of a call whose response does not report them. [`estimate`](crate::billing::estimate) finds them in an input by
/// itself.
///
/// ```
/// # use workers_ai::prelude::*;
/// # #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
/// # pub struct Flux;
/// use workers_ai::billing::BillableUnits;
///
/// // Four tiles of 512 by 512 pixels, and four steps.
/// let cost = BillableUnits::image(1024, 1024, 4).cost(&Flux::INFO).unwrap();
/// assert_eq!(format!("{cost}"), "0.000634 USD (57.6 neurons)");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BillableUnits {
    /// Input and output tokens.
    tokens: Option<[u64; 2]>,
    characters: Option<u64>,
    steps: Option<u64>,
    tiles: Option<u64>,
    audio: Option<Duration>,
}

impl BillableUnits {
    /// Counts an image of this size in pixels, made in this many steps. A tile that is not filled counts as one.
    #[must_use]
    pub fn image(width: u32, height: u32, steps: u32) -> Self {
        Self { tiles: tiles(width.into(), height.into()), steps: Some(steps.into()), ..Self::default() }
    }

    /// Counts a recording of this length.
    ///
    /// ```
    /// # use workers_ai::prelude::*;
    /// # #[workers_ai_model("@cf/openai/whisper-large-v3-turbo")]
    /// # pub struct Whisper;
    /// use std::time::Duration;
    /// use workers_ai::billing::BillableUnits;
    ///
    /// let cost = BillableUnits::audio(Duration::from_secs(600)).cost(&Whisper::INFO).unwrap();
    /// assert_eq!(format!("{cost}"), "0.005130 USD (466.4 neurons)");
    /// ```
    #[must_use]
    pub fn audio(duration: Duration) -> Self {
        Self { audio: Some(duration), ..Self::default() }
    }

    /// Counts what an input shows.
    pub(crate) fn from_input(info: &ModelInfo, body: &Body, json: &Value, measured: &Measured) -> Self {
        let number = |name: &str| {
            let value = json.get(name)?;
            value.as_u64().or_else(|| value.as_str()?.parse().ok())
        };
        let size = info.image_size;
        let width = number("width").or_else(|| size.map(|(width, _)| width.into()));
        let height = number("height").or_else(|| size.map(|(_, height)| height.into()));
        let by_audio = info.prices.iter().any(|price| price.unit == PriceUnit::AudioMinute);
        Self {
            tokens: Some([measured.input_tokens, measured.max_output_tokens]),
            characters: u64::try_from(texts(json).map(|text| text.chars().count()).sum::<usize>()).ok(),
            steps: number("num_steps").or_else(|| number("steps")),
            tiles: width.zip(height).and_then(|(width, height)| tiles(width, height)),
            audio: if by_audio { audio(body, json) } else { None },
        }
    }

    /// Returns their cost with a model: the sum of its prices. `None`: it has no price, or one for units that are not known here.
    #[must_use]
    pub fn cost(&self, info: &ModelInfo) -> Option<Cost> {
        // These are prices of the same units used in another way.
        let other_way = [PriceUnit::MillionCachedInputTokens, PriceUnit::AudioMinuteWebsocket];
        let mut costs = Vec::new();
        for price in info.prices.iter().filter(|price| !other_way.contains(&price.unit)) {
            if price.tokens.is_none() || price.is_for(self.tokens?[0]) {
                costs.push(self.part(price)?);
            }
        }
        if costs.is_empty() { None } else { Some(costs.into_iter().sum()) }
    }

    fn part(&self, price: &Price) -> Option<Cost> {
        let each: f64 = price.amount.parse().ok().filter(|_| price.currency == "USD")?;
        // A free unit need not be counted.
        if each == 0.0 {
            return Some(Cost::default());
        }
        let count = match price.unit {
            PriceUnit::MillionInputTokens => count(self.tokens?[0]) / 1_000_000.0,
            PriceUnit::MillionOutputTokens => count(self.tokens?[1]) / 1_000_000.0,
            PriceUnit::ThousandCharacters => count(self.characters?) / 1_000.0,
            PriceUnit::Step => count(self.steps?),
            PriceUnit::Tile512 => count(self.tiles?),
            PriceUnit::AudioMinute => self.audio?.as_secs_f64() / 60.0,
            PriceUnit::Request => 1.0,
            _ => return None,
        };
        Some(Cost::from_usd(each * count))
    }
}

/// Returns the number of tiles. `None`: no pixels, which leaves the size to the service.
fn tiles(width: u64, height: u64) -> Option<u64> {
    width.div_ceil(TILE).checked_mul(height.div_ceil(TILE)).filter(|tiles| *tiles > 0)
}

/// Returns the length of the recording in an input, if it can be told.
fn audio(body: &Body, json: &Value) -> Option<Duration> {
    match body {
        Body::File { bytes, .. } => wav::duration(bytes),
        _ => wav::duration(Media::from_base64(json.get("audio")?.as_str()?).ok()?.bytes()),
    }
}

#[allow(clippy::cast_precision_loss, reason = "nobody has 2^53 of anything")]
fn count(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use workers_ai_types::catalog::{ModelInfo, Price, PriceUnit};

    use super::BillableUnits;

    fn price(amount: &'static str, unit: PriceUnit) -> Price {
        Price::new(amount, "USD", unit)
    }

    /// In billionths of a dollar, as exact as a person needs it.
    fn billionths(amounts: BillableUnits, prices: &[Price]) -> Option<f64> {
        let info = ModelInfo { prices: prices.to_vec().leak(), ..ModelInfo::UNKNOWN };
        amounts.cost(&info).map(|cost| (cost.usd() * 1e9).round())
    }

    #[test]
    fn prices_of_several_units_add_up() {
        let image = [price("0.0000528", PriceUnit::Tile512), price("0.0001056", PriceUnit::Step)];
        // 4 tiles of 52,800 and 4 steps of 105,600: 211,200 + 422,400.
        assert_eq!(billionths(BillableUnits::image(1024, 1024, 4), &image), Some(633_600.0));
        // 513 by 512 pixels need a second tile: 105,600 + 105,600.
        assert_eq!(billionths(BillableUnits::image(513, 512, 1), &image), Some(211_200.0));
        // No size, no price.
        assert_eq!(billionths(BillableUnits::image(0, 512, 1), &image), None);
        assert_eq!(billionths(BillableUnits { steps: Some(4), ..BillableUnits::default() }, &image), None);
    }

    #[test]
    fn each_unit_is_counted_as_its_name_says() {
        let amounts =
            BillableUnits { tokens: Some([500_000, 1_000]), characters: Some(1_500), ..BillableUnits::default() };
        let tokens = [
            price("2", PriceUnit::MillionInputTokens),
            price("10", PriceUnit::MillionOutputTokens),
            price("0.5", PriceUnit::MillionCachedInputTokens),
        ];
        // Half of 2 dollars, and a thousandth of 10.
        assert_eq!(billionths(amounts, &tokens), Some(1_010_000_000.0));
        // One and a half times 3 cents.
        assert_eq!(billionths(amounts, &[price("0.03", PriceUnit::ThousandCharacters)]), Some(45_000_000.0));
        assert_eq!(billionths(amounts, &[price("0.0000075", PriceUnit::Request)]), Some(7_500.0));
        let audio = [price("0.0052", PriceUnit::AudioMinute), price("0.0092", PriceUnit::AudioMinuteWebsocket)];
        // One and a half minutes of 5,200,000.
        assert_eq!(billionths(BillableUnits::audio(Duration::from_secs(90)), &audio), Some(7_800_000.0));
        assert_eq!(billionths(amounts, &audio), None);
    }

    #[test]
    fn nothing_is_guessed() {
        let euros = [Price::new("1", "EUR", PriceUnit::Request)];
        let all = BillableUnits { audio: Some(Duration::from_secs(60)), ..BillableUnits::image(512, 512, 1) };
        assert_eq!(billionths(all, &[]), None);
        assert_eq!(billionths(all, &euros), None);
        assert_eq!(billionths(all, &[price("1", PriceUnit::Other("per page"))]), None);
        assert_eq!(billionths(all, &[price("1", PriceUnit::AudioMinuteWebsocket)]), None);
        // Prices of tiers need the number of tokens.
        let tier = Price { tokens: Some((0, Some(10))), ..price("1", PriceUnit::Request) };
        assert_eq!(billionths(BillableUnits::default(), &[tier]), None);
        let few = BillableUnits { tokens: Some([10, 1]), ..BillableUnits::default() };
        assert_eq!(billionths(few, &[tier]), Some(1_000_000_000.0));
        let many = BillableUnits { tokens: Some([11, 1]), ..BillableUnits::default() };
        assert_eq!(billionths(many, &[tier]), None);
        // A free unit is free in any amount.
        assert_eq!(billionths(BillableUnits::default(), &[price("0", PriceUnit::Step)]), Some(0.0));
    }
}
