use workers_ai::prelude::*;

#[workers_ai_model("@cf/cloudflare/clef")]
pub struct Clef;

fn main() {
    let picture = [0_u8; 4];
    let _ = inputs!(Clef { state: "s", questions: [("q", ClefInputNoul::builder().instructions("i").build())], images: [picture, picture, picture, picture, picture] });
    //~ error: evaluation panicked: `images` must have at most 4 items [at `[picture, picture, picture, picture, picture]`]
}
